-- The backup into a folder was killed; nothing where none was at work.
-- in: folder str, message str
-- out: id int
-- rows: maybe
WITH broken AS (
	UPDATE backup_run SET ended_at = now(), message = :message
	WHERE folder = :folder AND ended_at IS NULL
	RETURNING id
)
SELECT max(id) AS id FROM broken HAVING count(*) > 0
