-- How large the site was at the end of each hour, day or week (`unit`, as
-- date_trunc has it) of the last `hours`; oldest first.
-- in: unit str, hours int
-- row: measure_point
-- out: at when, accounts int, posts int, comments int, likes int, follows int, active_day int, sessions int, bytes int
-- rows: many
SELECT DISTINCT ON (date_trunc(:unit, hour, 'UTC')) counted_at AS at,
	accounts, posts, comments, likes, follows, active_day, sessions, bytes
FROM measure
WHERE hour > now() - :hours * interval '1 hour' AND hour <= now()
ORDER BY date_trunc(:unit, hour, 'UTC'), hour DESC
LIMIT 400
