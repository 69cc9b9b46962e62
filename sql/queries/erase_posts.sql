-- The posts of an account that is erased, with all that hangs on them.
-- in: account int
-- rows: none
DELETE FROM post WHERE account_id = :account
