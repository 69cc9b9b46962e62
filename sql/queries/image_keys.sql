-- The object keys of a deleted post, for taking them out of public reach.
-- in: post int
-- out: key str
-- rows: many
SELECT i.key FROM image i
JOIN post p ON p.id = i.post_id
WHERE i.post_id = :post AND p.deleted_at IS NOT NULL
ORDER BY i.place
