-- The hash of an account's password.
-- in: account int
-- out: password_hash str
-- rows: one
SELECT password_hash FROM account WHERE id = :account
