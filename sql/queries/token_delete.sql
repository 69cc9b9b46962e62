-- Ends one's own token.
-- in: account int, token int
-- out: id int
-- rows: one
DELETE FROM token WHERE account_id = :account AND id = :token RETURNING id
