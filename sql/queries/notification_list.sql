-- What the viewer is told, newest first, older than `before`.
-- in: before int
-- out: id int, kind str, is_read bool, created when, name str, display str, picture str?, post int, key str?, alt str, colour int, webp int, is_guarded bool, caption str, comment int, body str
-- rows: many
SELECT n.id, n.kind, n.id <= coalesce(i.read_to, 0) AS is_read,
	n.created_at AS created, a.name, a.display, a.picture_key AS picture,
	coalesce(n.post_id, 0) AS post, p.cover_key AS key,
	coalesce(p.cover_alt, '') AS alt, coalesce(p.cover_colour, 0) AS colour,
	coalesce(p.cover_webp, 0) AS webp,
	EXISTS (SELECT FROM guarded_account g WHERE g.id = p.account_id)
		AS is_guarded, coalesce(p.caption, '') AS caption,
	coalesce(n.comment_id, 0) AS comment, coalesce(c.body, '') AS body
FROM (SELECT * FROM visible_notification
	WHERE account_id = (SELECT viewer()) AND id < :before
	ORDER BY id DESC LIMIT 41) n
JOIN account a ON a.id = n.actor_id
LEFT JOIN post p ON p.id = n.post_id
LEFT JOIN comment c ON c.id = n.comment_id
LEFT JOIN inbox i ON i.account_id = n.account_id
ORDER BY n.id DESC
