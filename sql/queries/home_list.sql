-- The home timeline of the viewer: own posts and those of followed people,
-- newest first, older than `before`.
-- in: before int
-- row: card
-- out: id int, name str, display str, picture str?, caption str, created when, likes int, comments int, images int, key str?, width int, height int, m_width int, alt str, colour int, webp int, is_guarded bool, is_liked bool, is_own bool
-- rows: many
SELECT p.id, a.name, a.display, a.picture_key AS picture, p.caption,
	p.created_at AS created, p.likes, p.comments, p.images,
	p.cover_key AS key, p.cover_width AS width, p.cover_height AS height,
	p.cover_m_width AS m_width, p.cover_alt AS alt,
	p.cover_colour AS colour, p.cover_webp AS webp,
	a.is_private OR a.is_moving AS is_guarded,
	EXISTS (SELECT FROM liking l
		WHERE l.post_id = p.id AND l.account_id = (SELECT viewer()))
		AS is_liked,
	coalesce(p.account_id = (SELECT viewer()), false) AS is_own
FROM (SELECT v.*
	FROM feed f JOIN visible_post v ON v.id = f.post_id
	WHERE f.account_id = (SELECT viewer()) AND f.post_id < :before
	ORDER BY f.post_id DESC LIMIT 21) p
JOIN account a ON a.id = p.account_id
ORDER BY p.id DESC
