-- When a backup has ended well and when one has failed last, and of the newest
-- good one how long it took and how many bytes were new.
-- out: good_at when?, failed_at when?, good_s int?, good_bytes int?
-- rows: one
SELECT g.ended_at AS good_at,
	(SELECT max(ended_at) FROM backup_run WHERE NOT is_good
		AND ended_at <= now()) AS failed_at,
	extract(epoch FROM g.ended_at - g.started_at)::bigint AS good_s,
	g.bytes AS good_bytes
FROM (VALUES (true)) AS always (so)
LEFT JOIN LATERAL (SELECT * FROM backup_run WHERE is_good
	AND ended_at <= now() ORDER BY ended_at DESC LIMIT 1) AS g ON true
