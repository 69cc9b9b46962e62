-- Whose link it is, where it still works.
-- in: token_hash bytes
-- out: account int, name str, email str
-- rows: maybe
SELECT a.id AS account, a.name, a.email
FROM reset_link l JOIN account a ON a.id = l.account_id
WHERE l.token_hash = :token_hash AND l.ends_at > now()
