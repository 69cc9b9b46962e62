-- What these objects should hold, as far as it is known.
-- in: objects strs
-- out: object str, bytes int, sha256 str
-- rows: many
SELECT object, bytes, sha256 FROM object_sum WHERE object = ANY (:objects)
