-- A new hash for a password that was forgotten; it ends every session,
-- every token and the reset link of the account.  After account_hold, in the
-- same transaction.
-- in: account int, new_hash str
-- out: changed int
-- rows: one
WITH changed AS (
	UPDATE account SET password_hash = :new_hash,
		password_changed_at = clock_timestamp()
	WHERE id = :account
	RETURNING id
), ended AS (
	DELETE FROM session s USING changed WHERE s.account_id = changed.id
), revoked AS (
	DELETE FROM token t USING changed WHERE t.account_id = changed.id
), unlinked AS (
	DELETE FROM reset_link l USING changed WHERE l.account_id = changed.id
), noted AS (
	INSERT INTO moderation (what, account_id)
	SELECT 'reset', id FROM changed
)
SELECT count(*) AS changed FROM changed
