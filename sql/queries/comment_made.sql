-- The comment that a form with this text has made.
-- in: account int, post int, body str, form_key str
-- row: comment
-- out: id int, account int, name str, display str, picture str?, body str, created when, is_own bool
-- rows: one
SELECT c.id, a.id AS account, a.name, a.display, a.picture_key AS picture,
	c.body, c.created_at AS created, true AS is_own
FROM visible_comment c
JOIN account a ON a.id = c.account_id
WHERE c.account_id = :account
	AND c.form_key = :form_key || md5(:post::bigint || ' ' || :body)
