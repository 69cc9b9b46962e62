-- A job that somebody was at and may still be, kept from others until the
-- transaction ends.
-- in: job int
-- out: id int, kind str, subject int, detail str, tries int
-- rows: maybe
SELECT id, kind, subject, detail, tries FROM job
WHERE id = :job AND failed_at IS NULL
FOR UPDATE
