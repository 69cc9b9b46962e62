-- Notes that a session is in use, so that it does not end as idle.
-- in: token_hash bytes
-- rows: none
UPDATE session SET seen_at = now() WHERE token_hash = :token_hash
