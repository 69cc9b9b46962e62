-- Background jobs by kind and state, and how old the oldest of each is: how
-- long it has been due, or since when it is given up.  At most 10,000 of those
-- that wait and of those that were given up are looked at, so that it always
-- costs little.
-- out: kind str, state str, count int, oldest_s int
-- rows: many
WITH seen AS (
	(SELECT kind, 'failed' AS state, failed_at AS since FROM job
		WHERE failed_at IS NOT NULL
		ORDER BY failed_at LIMIT 10000)
	UNION ALL
	(SELECT kind, CASE WHEN run_at <= now() THEN 'due'
			WHEN tries > 0 THEN 'retry' ELSE 'later' END, run_at
		FROM job WHERE failed_at IS NULL
		ORDER BY rank, run_at, id LIMIT 10000)
)
SELECT kind, state, count(*) AS count,
	greatest(0, max(extract(epoch FROM now() - since)))::bigint AS oldest_s
FROM seen GROUP BY kind, state ORDER BY kind, state
