-- The images of several posts that the viewer may see, post by post in the
-- order asked for.
-- in: posts ints
-- out: post int, key str, width int, height int, alt str, is_guarded bool
-- rows: many
SELECT i.post_id AS post, i.key, i.width, i.height, i.alt,
	EXISTS (SELECT FROM guarded_account g WHERE g.id = p.account_id)
		AS is_guarded
FROM image i
JOIN visible_post p ON p.id = i.post_id
WHERE i.post_id = ANY (:posts)
ORDER BY array_position(:posts, i.post_id), i.place
