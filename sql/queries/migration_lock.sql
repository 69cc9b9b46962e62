-- Waits until no other migration runs; held to the end of the connection.
-- rows: none
SELECT pg_advisory_lock(7219385421)
