-- The newest backup, and when the newest good one ended; nothing where none was
-- ever begun.  One that has not ended is running, or was killed.
-- out: started_at when, ended_at when?, is_good bool, objects int, bytes int, message str, good_at when?
-- rows: maybe
SELECT started_at, ended_at, is_good, objects, bytes, message,
	(SELECT max(ended_at) FROM backup_run
		WHERE is_good AND ended_at <= now()) AS good_at
FROM backup_run ORDER BY id DESC LIMIT 1
