-- What objects hold (parallel lists).
-- in: objects strs, bytes ints, sums strs
-- rows: none
INSERT INTO object_sum (object, bytes, sha256)
SELECT u.object, u.bytes, u.sha256
FROM unnest(:objects, :bytes, :sums) AS u (object, bytes, sha256)
ON CONFLICT (object) DO UPDATE
SET bytes = excluded.bytes, sha256 = excluded.sha256
