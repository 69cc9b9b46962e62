-- Two rows where one is promised.
-- out: n int
-- rows: maybe
SELECT n FROM generate_series(1, 2) AS n
