-- The jobs of a kind for a subject are done, by somebody who did the work at
-- once.
-- in: kind str, subject int, detail str
-- rows: none
DELETE FROM job WHERE kind = :kind AND subject = :subject
	AND detail = :detail
