-- How a backup has ended: its objects, the bytes that were new, and where it
-- failed, why.
-- in: id int, is_good bool, objects int, bytes int, message str
-- rows: none
UPDATE backup_run SET ended_at = clock_timestamp(), is_good = :is_good,
	objects = :objects, bytes = :bytes, message = :message
WHERE id = :id
