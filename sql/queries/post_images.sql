-- The images of a post that the viewer may see, in their order.
-- in: post int
-- out: key str, width int, height int, m_width int, alt str, colour int, webp int, is_guarded bool, original str, camera str
-- rows: many
SELECT i.key, i.width, i.height, i.m_width, i.alt, i.colour,
	i.webp,
	EXISTS (SELECT FROM guarded_account g WHERE g.id = p.account_id)
		AS is_guarded, i.original, i.camera
FROM image i
JOIN visible_post p ON p.id = i.post_id
WHERE i.post_id = :post
ORDER BY i.place
