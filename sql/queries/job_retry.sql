-- Lets a job be tried again, as often as a new one.
-- in: id int
-- out: id int, is_told bool
-- rows: maybe
UPDATE job SET failed_at = NULL, tries = 0, run_at = now()
WHERE id = :id
RETURNING id, pg_notify('pixlpix_job', '') IS NULL AS is_told
