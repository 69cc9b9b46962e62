-- The comments of a post, newest first, older than `before`; the page shows
-- them the other way round.
-- in: post int, before int
-- row: comment
-- out: id int, account int, name str, display str, picture str?, body str, created when, is_own bool
-- rows: many
SELECT c.id, a.id AS account, a.name, a.display, a.picture_key AS picture,
	c.body, c.created_at AS created,
	coalesce((SELECT viewer()) IN (c.account_id, p.account_id), false)
		AS is_own
FROM visible_comment c
JOIN post p ON p.id = c.post_id
JOIN account a ON a.id = c.account_id
WHERE c.post_id = :post AND c.id < :before
ORDER BY c.id DESC
LIMIT 51
