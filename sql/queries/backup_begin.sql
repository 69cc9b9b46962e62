-- A backup into a folder begins: its own that have not ended were broken off,
-- since one is at work in a folder at a time.  A year is remembered.
-- in: folder str
-- out: id int
-- rows: one
WITH broken AS (
	UPDATE backup_run SET ended_at = now(), message = 'was broken off'
	WHERE folder = :folder AND ended_at IS NULL
), forgotten AS (
	DELETE FROM backup_run WHERE started_at < now() - interval '1 year'
)
INSERT INTO backup_run (folder) VALUES (:folder) RETURNING id
