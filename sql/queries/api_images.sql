-- The images of several posts that the viewer may see, post by post in the
-- order asked for.  `original` is empty but for the viewer's own.
-- in: posts ints
-- out: post int, key str, width int, height int, alt str, is_guarded bool, place int, original str, camera str
-- rows: many
SELECT i.post_id AS post, i.key, i.width, i.height, i.alt,
	EXISTS (SELECT FROM guarded_account g WHERE g.id = p.account_id)
		AS is_guarded, i.place,
	CASE WHEN p.account_id = (SELECT viewer()) THEN i.original ELSE '' END
		AS original, i.camera
FROM image i
JOIN visible_post p ON p.id = i.post_id
WHERE i.post_id = ANY (:posts)
ORDER BY array_position(:posts, i.post_id), i.place
