-- A new session, where the account is not suspended and the password is the
-- one that was checked (or none was); some of those that have ended as idle
-- are let go.
-- in: token_hash bytes, account int, idle_minutes int, is_checked bool, changed when
-- out: account int
-- rows: one
WITH old AS (
	DELETE FROM session WHERE token_hash IN (
		SELECT token_hash FROM session
		WHERE seen_at < now() - :idle_minutes * interval '1 minute'
		ORDER BY seen_at LIMIT 100
		FOR UPDATE SKIP LOCKED)
)
INSERT INTO session (token_hash, account_id)
SELECT :token_hash, id FROM account
WHERE id = :account AND suspended_at IS NULL
	AND (NOT :is_checked OR password_changed_at = :changed)
FOR SHARE
RETURNING account_id AS account
