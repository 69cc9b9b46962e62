-- Whether pixlpix-jobs is at work: whether it has counted in the last half
-- hour (work/measure.h), and whether jobs wait that somebody waits for.
-- The last backup that has ended, too.
-- out: is_counting bool, is_late bool, makes_backups bool, is_backed_up bool
-- rows: one
SELECT EXISTS (SELECT FROM measure
		WHERE hour > now() - interval '2 hours'
		AND counted_at > now() - interval '30 minutes')
		AS is_counting,
	EXISTS (SELECT FROM job
		WHERE failed_at IS NULL AND rank = 0
		AND run_at < now() - interval '5 minutes') AS is_late,
	EXISTS (SELECT FROM backup_run WHERE ended_at IS NOT NULL)
		AS makes_backups,
	coalesce((SELECT is_good FROM backup_run WHERE ended_at IS NOT NULL
		ORDER BY id DESC LIMIT 1), false) AS is_backed_up
