-- A new session; some of those that have ended as idle are let go.
-- in: token_hash bytes, account int, idle_minutes int
-- rows: none
WITH old AS (
	DELETE FROM session WHERE token_hash IN (
		SELECT token_hash FROM session
		WHERE seen_at < now() - :idle_minutes * interval '1 minute'
		ORDER BY seen_at LIMIT 100
		FOR UPDATE SKIP LOCKED)
)
INSERT INTO session (token_hash, account_id) VALUES (:token_hash, :account)
