-- Ends a session.
-- in: token_hash bytes
-- rows: none
DELETE FROM session WHERE token_hash = :token_hash
