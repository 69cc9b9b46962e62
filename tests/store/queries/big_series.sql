-- Many long rows.
-- in: count int, bytes int
-- out: n int, text str
-- rows: many
SELECT n, repeat('x', :bytes::integer) AS text
FROM generate_series(1, :count) AS n
