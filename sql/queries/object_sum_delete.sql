-- All objects of an image are gone.
-- in: key str
-- rows: none
DELETE FROM object_sum
WHERE object >= :key || '-' AND object < :key || '.'
