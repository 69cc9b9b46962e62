-- Makes an account private, or public.  A job moves its images to where they
-- belong, and another says yes to all who wait for an answer of an account that
-- has become public.  No row where it is so already, or the simulator's.  After
-- account_hold, in the same transaction.
-- in: account int, is_private bool
-- out: job int
-- rows: maybe
WITH changed AS (
	UPDATE account SET is_private = :is_private, is_moving = true
	WHERE id = :account AND is_private <> :is_private AND NOT is_simulated
	RETURNING id
), answered AS (
	INSERT INTO job (kind, subject)
	SELECT 'requests_accept', id FROM changed WHERE NOT :is_private
)
INSERT INTO job (kind, subject) SELECT 'account_reach', id FROM changed
RETURNING id AS job
