-- The posts without images of the account of that name, newest first, older
-- than `before`; at most `most`.
-- in: name str, before int, most int
-- row: message
-- out: id int, content str, created when, name str
-- rows: many
SELECT p.id, p.caption AS content, p.created_at AS created, a.name
FROM account a
JOIN visible_post p ON p.account_id = a.id
WHERE a.name_key = lower(:name) AND p.images = 0 AND p.id < :before
ORDER BY p.id DESC
LIMIT :most
