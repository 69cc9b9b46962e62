-- Ends a suspension: what the account has posted and written comes back.  No
-- row where it is not suspended.  After account_hold, in the same transaction.
-- in: account int, reason str, actor int
-- out: id int
-- rows: maybe
WITH back AS (
	UPDATE account SET suspended_at = NULL, suspended_because = ''
	WHERE id = :account AND suspended_at IS NOT NULL
	RETURNING id
), counted AS (
	UPDATE post p SET comments = p.comments + c.count
	FROM (SELECT c.post_id, count(*) FROM comment c, back
		WHERE c.account_id = back.id AND c.deleted_at IS NULL
		GROUP BY c.post_id) c
	WHERE p.id = c.post_id
), queued AS (
	INSERT INTO job (kind, subject) SELECT 'account_reach', id FROM back
), noted AS (
	INSERT INTO moderation (actor_id, what, account_id, reason)
	SELECT nullif(:actor, 0), 'lift', id, :reason FROM back
)
SELECT id FROM back
