-- The images of several posts that the viewer may see, post by post in the
-- order asked for.
-- in: posts ints
-- out: post int, key str, width int, height int, alt str
-- rows: many
SELECT i.post_id AS post, i.key, i.width, i.height, i.alt
FROM image i
JOIN visible_post p ON p.id = i.post_id
WHERE i.post_id = ANY (:posts)
ORDER BY array_position(:posts, i.post_id), i.place
