-- The account of that name, whoever made it.
-- in: name str
-- out: id int
-- rows: maybe
SELECT id FROM account WHERE name_key = lower(:name)
