-- Lets go of what was told more than 90 days ago, of the thousand oldest rows
-- at a time; ids grow with time, so that no other index is needed.
-- out: gone int
-- rows: one
WITH gone AS (
	DELETE FROM notification
	WHERE id IN (SELECT id FROM notification ORDER BY id LIMIT 1000)
		AND created_at < now() - interval '90 days'
	RETURNING id
)
SELECT count(*) AS gone FROM gone
