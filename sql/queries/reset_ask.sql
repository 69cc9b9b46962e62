-- Leaves it to pixlpix-jobs to mail a link to whoever is meant, unless that is
-- to be done already: nothing here depends on whether there is such a person.
-- in: who str, most int
-- out: is_full bool
-- rows: one
WITH waiting AS (
	SELECT count(*) AS count, count(*) FILTER (WHERE detail = :who) AS same
	FROM job WHERE kind = 'reset_mail' AND subject = 0 AND failed_at IS NULL
), asked AS (
	INSERT INTO job (kind, subject, detail)
	SELECT 'reset_mail', 0, :who FROM waiting
	WHERE same = 0 AND count < :most
)
SELECT same = 0 AND count >= :most AS is_full FROM waiting
