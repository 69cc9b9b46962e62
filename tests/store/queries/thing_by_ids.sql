-- Things by their numbers.
-- in: ids ints
-- row: name
-- out: name str
-- rows: many
SELECT name FROM thing WHERE id = ANY (:ids) ORDER BY id
