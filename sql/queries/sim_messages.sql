-- Posts without images that the viewer may see, newest first, older than
-- `before`; at most `most`.
-- in: before int, most int
-- row: message
-- out: id int, content str, created when, name str
-- rows: many
SELECT p.id, p.caption AS content, p.created_at AS created, a.name
FROM (SELECT * FROM visible_post
	WHERE images = 0 AND id < :before
	ORDER BY id DESC LIMIT :most) p
JOIN account a ON a.id = p.account_id
ORDER BY p.id DESC
