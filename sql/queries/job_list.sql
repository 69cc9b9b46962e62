-- Jobs by their ids, after one of them; those that were given up, or all.
-- in: after int, is_all bool
-- out: id int, kind str, subject int, detail str, tries int, run_at when, failed_at when?, last_error str
-- rows: many
SELECT id, kind, subject, detail, tries, run_at, failed_at, last_error
FROM job
WHERE id > :after AND (:is_all OR failed_at IS NOT NULL)
ORDER BY id LIMIT 500
