-- A mail to the admin, unless one about the same waits already.
-- in: about int, text str, wait_s int
-- rows: none
INSERT INTO job (kind, subject, detail, run_at)
SELECT 'mail', :about, :text, now() + :wait_s * interval '1 second'
WHERE NOT EXISTS (SELECT FROM job
	WHERE kind = 'mail' AND subject = :about AND failed_at IS NULL)
