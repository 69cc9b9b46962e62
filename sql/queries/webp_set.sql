-- Which sizes of an image have WebP, and whether its original is still kept.
-- After webp_lock, in the same transaction.
-- in: key str, webp int, keeps_original bool
-- rows: none
WITH covered AS (
	UPDATE post SET cover_webp = :webp
	WHERE cover_key = :key
		AND id = (SELECT post_id FROM image WHERE key = :key)
)
UPDATE image SET webp = :webp,
	original = CASE WHEN :keeps_original THEN original ELSE '' END
WHERE key = :key
