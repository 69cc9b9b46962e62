-- The profile pictures by their keys, after one of them.
-- in: after str, limit int
-- row: fsck_image
-- out: key str, is_public bool, webp int, has_original bool
-- rows: many
SELECT picture_key AS key, suspended_at IS NULL AS is_public, 0::bigint AS webp,
	false AS has_original
FROM account
WHERE picture_key > :after
ORDER BY picture_key
LIMIT :limit
