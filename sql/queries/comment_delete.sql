-- Takes a comment away: its author may, and the owner of the post.  Tells the
-- post; no row where there is no such comment, is_done false where it is not
-- the account's to do.  The author is kept first: who suspends them waits, or
-- is waited for, and then the comment is there no more, so that it is counted
-- once.
-- in: account int, comment int
-- out: post int, is_done bool
-- rows: one
WITH target AS (
	SELECT c.id, c.post_id, c.account_id,
		:account IN (c.account_id, p.account_id) AS may
	FROM visible_comment c JOIN post p ON p.id = c.post_id
	WHERE c.id = :comment
), author AS (
	SELECT a.id FROM account a JOIN target t ON a.id = t.account_id
	WHERE a.suspended_at IS NULL
	FOR KEY SHARE OF a
), gone AS (
	UPDATE comment c SET deleted_at = now() FROM target t, author
	WHERE c.id = t.id AND t.may AND c.deleted_at IS NULL
	RETURNING c.id, c.post_id
), counted AS (
	UPDATE post p SET comments = comments - 1 FROM gone
	WHERE p.id = gone.post_id
), untold AS (
	DELETE FROM notification n USING gone WHERE n.comment_id = gone.id
)
SELECT post_id AS post, may AS is_done FROM target, author
