-- The account that is to be erased.
-- in: name str
-- out: id int, posts int, picture str?
-- rows: one
SELECT id, posts, picture_key AS picture FROM account
WHERE name_key = lower(:name)
