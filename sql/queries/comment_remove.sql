-- A moderator takes somebody's comment away; tells the post.  The author is kept
-- first, as comment_delete does.
-- in: actor int, comment int, reason str
-- out: post int
-- rows: one
WITH target AS (
	SELECT id, account_id FROM visible_comment WHERE id = :comment
), author AS (
	SELECT a.id FROM account a JOIN target t ON a.id = t.account_id
	WHERE a.suspended_at IS NULL
	FOR KEY SHARE OF a
), gone AS (
	UPDATE comment c SET deleted_at = now() FROM target t, author
	WHERE c.id = t.id AND c.deleted_at IS NULL
	RETURNING c.id, c.post_id, c.account_id
), counted AS (
	UPDATE post p SET comments = comments - 1 FROM gone
	WHERE p.id = gone.post_id
), untold AS (
	DELETE FROM notification n USING gone WHERE n.comment_id = gone.id
), noted AS (
	INSERT INTO moderation
		(actor_id, what, account_id, post_id, comment_id, reason)
	SELECT nullif(:actor, 0), 'comment', account_id, post_id, id, :reason FROM gone
)
SELECT post_id AS post FROM gone
