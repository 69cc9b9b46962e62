-- A job is done.
-- in: job int
-- rows: none
DELETE FROM job WHERE id = :job
