-- How large the database is, and how many of the server's connections are
-- taken.
-- out: bytes int, connections int, connections_max int
-- rows: one
SELECT pg_database_size(current_database()) AS bytes,
	(SELECT count(*) FROM pg_stat_activity
		WHERE backend_type = 'client backend') AS connections,
	current_setting('max_connections')::bigint AS connections_max
