-- Makes whoever posts as the account, or begins or ends to follow it, wait for
-- the end of this transaction.  A statement of its own: the next one then sees
-- what those had done who were waited for.
-- in: account int
-- out: id int, is_private bool
-- rows: maybe
SELECT id, is_private FROM account WHERE id = :account FOR NO KEY UPDATE
