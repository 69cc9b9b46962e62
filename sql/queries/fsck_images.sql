-- The images of posts by their keys, after one of them.
-- in: after str, limit int
-- row: fsck_image
-- out: key str, is_public bool, webp int, has_original bool
-- rows: many
SELECT i.key,
	p.deleted_at IS NULL AND a.suspended_at IS NULL
		AND NOT a.is_private AS is_public,
	i.webp, i.original <> '' AS has_original
FROM image i JOIN post p ON p.id = i.post_id
JOIN account a ON a.id = p.account_id
WHERE i.key > :after
ORDER BY i.key
LIMIT :limit
