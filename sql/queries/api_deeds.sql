-- What moderators, admins and the shell have done, newest first.
-- in: before int
-- out: id int, at when, what str, actor str?, account str?, post int?, comment int?, reason str
-- rows: many
SELECT m.id, m.at, m.what, w.name AS actor, a.name AS account,
	m.post_id AS post, m.comment_id AS comment, m.reason
FROM moderation m
LEFT JOIN account w ON w.id = m.actor_id
LEFT JOIN account a ON a.id = m.account_id
WHERE m.id < :before
ORDER BY m.id DESC
LIMIT 41
