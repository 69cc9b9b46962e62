-- Takes a lock that lasts to the end of the transaction.
-- in: number int
-- rows: none
SELECT pg_advisory_xact_lock(:number)
