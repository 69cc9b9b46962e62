-- The server process of this connection.
-- out: pid int
-- rows: one
SELECT pg_backend_pid() AS pid
