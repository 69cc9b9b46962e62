-- A new session.
-- in: token_hash bytes, account int
-- rows: none
INSERT INTO session (token_hash, account_id) VALUES (:token_hash, :account)
