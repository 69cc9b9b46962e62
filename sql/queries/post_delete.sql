-- Takes one's own post from everybody's sight and leaves a job that takes its
-- images out of public reach; what was to be made of them is not.  No row where it was gone or is another's.
-- in: account int, post int
-- out: id int
-- rows: maybe
WITH gone AS (
	UPDATE post SET deleted_at = now()
	WHERE id = :post AND account_id = :account AND deleted_at IS NULL
	RETURNING id, account_id
), counted AS (
	UPDATE account a SET posts = posts - 1 FROM gone
	WHERE a.id = gone.account_id
), unfed AS (
	DELETE FROM feed USING gone WHERE feed.post_id = gone.id
), untold AS (
	DELETE FROM notification n USING gone WHERE n.post_id = gone.id
), unqueued AS (
	DELETE FROM job WHERE id IN (
		SELECT j.id FROM job j, gone
		WHERE j.kind = 'image_webp' AND j.subject = gone.id
		FOR UPDATE OF j SKIP LOCKED)
), queued AS (
	INSERT INTO job (kind, subject, run_at)
	SELECT 'object_hide', id, now() + interval '10 seconds' FROM gone
)
SELECT id FROM gone
