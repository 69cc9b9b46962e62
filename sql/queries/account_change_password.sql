-- A new hash for the password, only in place of the one that was checked; it
-- ends every session, every token and the reset link of the account.
-- in: account int, old_hash str, new_hash str
-- out: changed int
-- rows: one
WITH changed AS (
	UPDATE account SET password_hash = :new_hash,
		password_changed_at = clock_timestamp()
	WHERE id = :account AND password_hash = :old_hash
	RETURNING id
), ended AS (
	DELETE FROM session s USING changed WHERE s.account_id = changed.id
), revoked AS (
	DELETE FROM token t USING changed WHERE t.account_id = changed.id
), unlinked AS (
	DELETE FROM reset_link l USING changed WHERE l.account_id = changed.id
)
SELECT count(*) AS changed FROM changed
