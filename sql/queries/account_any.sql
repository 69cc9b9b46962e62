-- Has anybody joined?
-- out: is_there bool
-- rows: one
SELECT EXISTS (SELECT FROM account) AS is_there
