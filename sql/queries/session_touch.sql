-- Notes that a session is in use, so that it does not end as idle.  It may be
-- lost in a crash: no page waits for the disk, or for a standby.
-- in: token_hash bytes
-- rows: none
UPDATE session SET seen_at = now()
WHERE token_hash = :token_hash
	AND set_config('synchronous_commit', 'off', true) = 'off'
