-- A job that moves an account's images is done before it was taken; one that is
-- at work ends by itself.
-- in: job int
-- rows: none
DELETE FROM job WHERE id IN
	(SELECT id FROM job WHERE id = :job FOR UPDATE SKIP LOCKED)
