-- The original of an image whose WebP is to be made: nothing where its post is
-- deleted or the original gone.
-- in: key str
-- out: original str
-- rows: maybe
SELECT i.original FROM image i
JOIN post p ON p.id = i.post_id
WHERE i.key = :key AND i.original <> '' AND p.deleted_at IS NULL
