-- An image of a post that the viewer may see, by its key, and whether its
-- objects are in hidden space.
-- in: key str
-- out: webp int, is_private bool, is_moving bool
-- rows: maybe
SELECT i.webp, a.is_private, a.is_moving
FROM image i
JOIN visible_post p ON p.id = i.post_id
JOIN account a ON a.id = p.account_id
WHERE i.key = :key
