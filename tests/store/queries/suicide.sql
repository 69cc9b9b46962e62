-- Ends its own server process.
-- out: is_done bool
-- rows: one
SELECT pg_terminate_backend(pg_backend_pid()) AS is_done
