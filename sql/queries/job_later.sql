-- A job for later.
-- in: kind str, detail str, wait_s int
-- rows: none
INSERT INTO job (kind, subject, detail, run_at)
VALUES (:kind, 0, :detail, now() + :wait_s * interval '1 second')
