-- A new hash for who holds the link, which ends with it, as every session and
-- every token of the account does.  After account_hold, in the same
-- transaction.
-- in: token_hash bytes, new_hash str
-- out: changed int
-- rows: one
WITH used AS (
	DELETE FROM reset_link
	WHERE token_hash = :token_hash AND ends_at > now()
	RETURNING account_id
), changed AS (
	UPDATE account a SET password_hash = :new_hash,
		password_changed_at = clock_timestamp()
	FROM used WHERE a.id = used.account_id
	RETURNING a.id
), ended AS (
	DELETE FROM session s USING changed WHERE s.account_id = changed.id
), revoked AS (
	DELETE FROM token t USING changed WHERE t.account_id = changed.id
), noted AS (
	INSERT INTO moderation (what, account_id)
	SELECT 'reset', id FROM changed
)
SELECT count(*) AS changed FROM changed
