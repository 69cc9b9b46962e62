-- Sleeps; void is no column.
-- in: ms int
-- rows: none
SELECT pg_sleep(:ms / 1000.0)
