-- Keeps the post of an image from being deleted or erased until the
-- transaction ends; nothing where it is already.
-- in: key str
-- out: id int
-- rows: maybe
SELECT p.id FROM post p
JOIN image i ON i.post_id = p.id
WHERE i.key = :key AND p.deleted_at IS NULL
FOR NO KEY UPDATE OF p
