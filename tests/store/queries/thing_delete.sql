-- Removes things by a prefix; ':name' and :: stay as they are.
-- in: prefix str
-- rows: none
DELETE FROM thing WHERE name LIKE :prefix || '%' AND ':prefix' <> 'x'::text
