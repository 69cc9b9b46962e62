-- One comment that the viewer may see.
-- in: comment int
-- out: post int, name str, display str, picture str?, body str
-- rows: one
SELECT c.post_id AS post, a.name, a.display, a.picture_key AS picture, c.body
FROM visible_comment c JOIN account a ON a.id = c.account_id
WHERE c.id = :comment
