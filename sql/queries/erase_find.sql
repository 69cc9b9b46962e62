-- The account that is to be erased.
-- in: name str
-- out: id int
-- rows: one
SELECT id FROM account
WHERE name_key = lower(:name)
