-- What was counted last, and how long ago.  Each time is a row that the index
-- on hour finds at once.  What a clock that was ahead has counted is of no hour
-- yet.
-- out: counted_at when, age_s int, accounts int, posts int, images int, comments int, likes int, follows int, sessions int, tokens int, active_day int, active_week int, bytes int
-- rows: maybe
SELECT counted_at,
	greatest(0, extract(epoch FROM now() - counted_at))::bigint AS age_s,
	accounts, posts, images, comments, likes, follows, sessions, tokens,
	active_day, active_week, bytes
FROM measure WHERE hour <= now() ORDER BY hour DESC LIMIT 1
