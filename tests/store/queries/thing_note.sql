-- The note of a thing that must have one.
-- in: name str
-- out: note str
-- rows: one
SELECT note FROM thing WHERE name = :name
