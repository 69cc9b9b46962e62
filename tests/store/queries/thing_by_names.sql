-- Things by their names.
-- in: names strs
-- row: name
-- out: name str
-- rows: many
SELECT name FROM thing WHERE name = ANY (:names) ORDER BY id
