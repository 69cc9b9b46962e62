-- Writes, and gives no row.
-- in: name str
-- rows: none
INSERT INTO thing (name) VALUES (:name)
