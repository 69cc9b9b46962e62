-- Wakes who listens to `jobs`.
-- rows: none
SELECT pg_notify('jobs', '')
