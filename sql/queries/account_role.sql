-- The role of an account.
-- in: account int
-- out: role str
-- rows: one
SELECT role FROM account WHERE id = :account
