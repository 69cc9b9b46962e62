-- An account that is erased, with its sessions, likes and follows.
-- in: account int
-- rows: none
DELETE FROM account WHERE id = :account
