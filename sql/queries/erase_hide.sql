-- First step of erasing an account: its posts leave everybody's sight.
-- in: account int
-- rows: none
WITH unfed AS (
	DELETE FROM feed WHERE author_id = :account OR account_id = :account
)
UPDATE post SET deleted_at = now()
WHERE account_id = :account AND deleted_at IS NULL
