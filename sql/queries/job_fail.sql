-- A try has failed: again in `wait_s` seconds, or given up.
-- in: job int, error str, wait_s int, gives_up bool
-- rows: none
UPDATE job SET tries = tries + 1, last_error = :error,
	run_at = now() + :wait_s * interval '1 second',
	failed_at = CASE WHEN :gives_up THEN now() END
WHERE id = :job
