-- Background work as it stands: jobs that are due, those for later, those that
-- were given up, and since when the oldest of the first waits.
-- out: due int, later int, given_up int, oldest when?
-- rows: one
SELECT count(*) FILTER (WHERE failed_at IS NULL AND run_at <= now()) AS due,
	count(*) FILTER (WHERE failed_at IS NULL AND run_at > now()) AS later,
	count(*) FILTER (WHERE failed_at IS NOT NULL) AS given_up,
	min(run_at) FILTER (WHERE failed_at IS NULL AND run_at <= now())
		AS oldest
FROM (SELECT failed_at, run_at FROM job LIMIT 100000) j
