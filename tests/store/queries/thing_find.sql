-- The thing of that name, if there is one.
-- in: name str
-- out: id int, note str?, small int?
-- rows: maybe
SELECT id, note, small FROM thing WHERE name = :name
