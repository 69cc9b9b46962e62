-- Whose token it is, if anybody's, with one call more in its minute, and what
-- the account's role still allows.  The count may be lost in a crash: nothing
-- waits for the disk.
-- in: token_hash bytes
-- out: account int, name str, display str, can_read bool, can_write bool, can_upload bool, can_moderate bool, is_admin bool, calls int, seconds_left int, lax str
-- rows: maybe
WITH entered AS (
	UPDATE token SET used_at = now(),
		calls = CASE WHEN minute_at > now() - interval '1 minute'
			THEN calls + 1 ELSE 1 END,
		minute_at = CASE WHEN minute_at > now() - interval '1 minute'
			THEN minute_at ELSE now() END
	WHERE token_hash = :token_hash
	RETURNING account_id, can_read, can_write, can_upload, can_moderate,
		calls, minute_at
)
SELECT a.id AS account, a.name, a.display, e.can_read, e.can_write,
	e.can_upload,
	e.can_moderate AND a.role <> 'member' AS can_moderate,
	e.can_moderate AND a.role = 'admin' AS is_admin, e.calls,
	greatest(1, ceil(extract(epoch FROM e.minute_at
		+ interval '1 minute' - now())))::bigint AS seconds_left,
	set_config('synchronous_commit', 'off', true) AS lax
FROM entered e
JOIN account a ON a.id = e.account_id AND a.suspended_at IS NULL
