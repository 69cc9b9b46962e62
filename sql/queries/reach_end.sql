-- The images of an account have arrived where they belong, unless another job
-- than this one is to move them.  After reach_account, in the same transaction.
-- in: account int, job int
-- rows: none
UPDATE account SET is_moving = false
WHERE id = :account AND is_moving AND NOT EXISTS (SELECT FROM job
	WHERE kind = 'account_reach' AND subject = :account AND id <> :job)
