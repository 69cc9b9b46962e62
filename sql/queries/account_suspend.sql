-- Suspends an account: its sessions and tokens end, its posts and comments
-- leave everybody's sight (visible_post, visible_comment), nobody is called to
-- what is out of sight, and a job takes its
-- images out of public reach.  No row where it is suspended already.  After
-- account_hold, in the same transaction.
-- in: account int, reason str, actor int
-- out: id int
-- rows: maybe
WITH gone AS (
	UPDATE account SET suspended_at = now(), suspended_because = :reason
	WHERE id = :account AND suspended_at IS NULL
	RETURNING id
), ended AS (
	DELETE FROM session s USING gone WHERE s.account_id = gone.id
), revoked AS (
	DELETE FROM token t USING gone WHERE t.account_id = gone.id
), counted AS (
	UPDATE post p SET comments = greatest(p.comments - c.count, 0)
	FROM (SELECT c.post_id, count(*) FROM comment c, gone
		WHERE c.account_id = gone.id AND c.deleted_at IS NULL
		GROUP BY c.post_id) c
	WHERE p.id = c.post_id
), untold AS (
	DELETE FROM notification WHERE id IN (
		SELECT n.id FROM gone, notification n, inbox i
		WHERE n.actor_id = gone.id
			AND i.account_id = n.account_id AND n.id > i.read_to
		UNION
		SELECT n.id FROM gone, post p, notification n, inbox i
		WHERE p.account_id = gone.id AND n.post_id = p.id
			AND i.account_id = n.account_id AND n.id > i.read_to)
), queued AS (
	INSERT INTO job (kind, subject) SELECT 'account_reach', id FROM gone
), noted AS (
	INSERT INTO moderation (actor_id, what, account_id, reason)
	SELECT nullif(:actor, 0), 'suspend', id, :reason FROM gone
)
SELECT id FROM gone
