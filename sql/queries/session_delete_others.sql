-- Ends every session of an account but one.
-- in: account int, token_hash bytes
-- rows: none
DELETE FROM session
WHERE account_id = :account AND token_hash <> :token_hash
