-- A new profile picture, or none where the key is empty; tells the key of the one before, and leaves a job
-- that takes that one out of reach.
-- in: account int, key str
-- out: old_key str?
-- rows: one
WITH before AS (
	SELECT id, picture_key FROM account WHERE id = :account FOR UPDATE
), kept AS (
	INSERT INTO former_picture (key, account_id)
	SELECT picture_key, id FROM before WHERE picture_key IS NOT NULL
), queued AS (
	INSERT INTO job (kind, subject, detail, run_at)
	SELECT 'picture_hide', id, picture_key, now() + interval '10 seconds'
	FROM before WHERE picture_key IS NOT NULL
)
UPDATE account a SET picture_key = nullif(:key, '')
FROM before b WHERE a.id = b.id
RETURNING b.picture_key AS old_key
