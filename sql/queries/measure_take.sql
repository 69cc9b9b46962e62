-- Counts what there is, into the row of the hour that is running.  What has
-- more than a million rows is estimated (sql/schema/0008_measure.sql); a
-- subselect that is not needed is not run.
-- in: idle_minutes int, days int
-- out: counted_at when
-- rows: one
WITH large AS (
	SELECT oid, reltuples::bigint AS count FROM pg_class
	WHERE oid IN ('account'::regclass, 'post'::regclass, 'image'::regclass,
		'comment'::regclass, 'liking'::regclass, 'follow'::regclass,
		'session'::regclass, 'token'::regclass, 'object_sum'::regclass)
	AND reltuples > 1000000
)
INSERT INTO measure (hour, counted_at, accounts, posts, images, comments,
	likes, follows, sessions, tokens, active_day, active_week, bytes)
SELECT date_trunc('hour', now()), now(),
	coalesce((SELECT count FROM large WHERE oid = 'account'::regclass),
		(SELECT count(*) FROM account)),
	coalesce((SELECT count FROM large WHERE oid = 'post'::regclass),
		(SELECT count(*) FROM post WHERE deleted_at IS NULL)),
	coalesce((SELECT count FROM large WHERE oid = 'image'::regclass),
		(SELECT count(*) FROM image)),
	coalesce((SELECT count FROM large WHERE oid = 'comment'::regclass),
		(SELECT count(*) FROM comment WHERE deleted_at IS NULL)),
	coalesce((SELECT count FROM large WHERE oid = 'liking'::regclass),
		(SELECT count(*) FROM liking)),
	coalesce((SELECT count FROM large WHERE oid = 'follow'::regclass),
		(SELECT count(*) FROM follow)),
	coalesce((SELECT count FROM large WHERE oid = 'session'::regclass),
		(SELECT count(*) FROM session
		WHERE seen_at > now() - :idle_minutes * interval '1 minute'
		AND created_at > now() - :days * interval '1 day')),
	coalesce((SELECT count FROM large WHERE oid = 'token'::regclass),
		(SELECT count(*) FROM token)),
	(SELECT count(DISTINCT account_id) FROM (
		SELECT account_id FROM session
		WHERE seen_at > now() - interval '1 day'
		UNION ALL SELECT account_id FROM token
		WHERE used_at > now() - interval '1 day') AS d),
	(SELECT count(DISTINCT account_id) FROM (
		SELECT account_id FROM session
		WHERE seen_at > now() - interval '7 days'
		UNION ALL SELECT account_id FROM token
		WHERE used_at > now() - interval '7 days') AS w),
	coalesce((SELECT count * (SELECT coalesce(avg(bytes), 0)
			FROM object_sum TABLESAMPLE SYSTEM (1))
		FROM large WHERE oid = 'object_sum'::regclass),
		(SELECT coalesce(sum(bytes), 0) FROM object_sum))::bigint
ON CONFLICT (hour) DO UPDATE SET counted_at = excluded.counted_at,
	accounts = excluded.accounts, posts = excluded.posts,
	images = excluded.images, comments = excluded.comments,
	likes = excluded.likes, follows = excluded.follows,
	sessions = excluded.sessions, tokens = excluded.tokens,
	active_day = excluded.active_day, active_week = excluded.active_week,
	bytes = excluded.bytes
RETURNING counted_at
