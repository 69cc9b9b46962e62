-- The same as account_lock for who follows and who is followed; in one order,
-- so that two who do this do not deadlock.
-- in: account int, name str
-- out: id int
-- rows: many
SELECT id FROM account
WHERE id = :account OR name_key = lower(:name)
ORDER BY id
FOR NO KEY UPDATE
