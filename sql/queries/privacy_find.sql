-- Whether an account is private, and whether it may be.
-- in: account int
-- out: is_private bool, is_simulated bool
-- rows: maybe
SELECT is_private, is_simulated FROM account WHERE id = :account
