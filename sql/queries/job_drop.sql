-- Forgets a job.
-- in: id int
-- out: id int
-- rows: maybe
DELETE FROM job WHERE id = :id RETURNING id
