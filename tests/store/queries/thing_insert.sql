-- Makes a thing.
-- in: name str, note str?, owner int?, small int?, rank int?
-- out: id int
-- rows: one
INSERT INTO thing (name, note, owner_id, small, rank)
VALUES (:name, :note, :owner, :small, :rank)
RETURNING id
