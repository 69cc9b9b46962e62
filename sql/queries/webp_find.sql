-- The original of an image whose WebP is to be made: nothing where its post is
-- deleted, its account suspended or the original gone.
-- in: key str
-- out: original str
-- rows: maybe
SELECT i.original FROM image i
JOIN post p ON p.id = i.post_id
JOIN account a ON a.id = p.account_id AND a.suspended_at IS NULL
WHERE i.key = :key AND i.original <> '' AND p.deleted_at IS NULL
