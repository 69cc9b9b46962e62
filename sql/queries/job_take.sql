-- The next job that is due, kept from others until the transaction ends.
-- out: id int, kind str, subject int, detail str, tries int
-- rows: maybe
SELECT id, kind, subject, detail, tries FROM job
WHERE failed_at IS NULL AND run_at <= now()
ORDER BY rank, run_at, id
LIMIT 1
FOR UPDATE SKIP LOCKED
