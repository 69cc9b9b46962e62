-- Makes an account private, or public.  A job moves its images to where they
-- belong, and another says yes to all who wait for an answer of an account that
-- has become public; nobody is called to what is out of sight now.  No row where
-- it is so already, or the simulator's.  After account_hold, in the same
-- transaction.
-- in: account int, is_private bool
-- out: job int
-- rows: maybe
WITH changed AS (
	UPDATE account SET is_private = :is_private, is_moving = true
	WHERE id = :account AND is_private <> :is_private AND NOT is_simulated
	RETURNING id
), untold AS (
	DELETE FROM notification WHERE id IN (
		SELECT n.id FROM changed c
		JOIN post p ON p.account_id = c.id
		JOIN notification n ON n.post_id = p.id
		JOIN inbox i ON i.account_id = n.account_id
			AND n.id > i.read_to
		WHERE :is_private AND n.account_id <> c.id
			AND NOT EXISTS (SELECT FROM follow f
				WHERE f.follower_id = n.account_id
				AND f.followed_id = c.id))
), answered AS (
	INSERT INTO job (kind, subject)
	SELECT 'requests_accept', id FROM changed WHERE NOT :is_private
)
INSERT INTO job (kind, subject) SELECT 'account_reach', id FROM changed
RETURNING id AS job
