-- Likes a post that the viewer may see, once, and tells its owner of the
-- first time.  No row where there is none.
-- in: account int, post int
-- out: likes int
-- rows: one
WITH added AS (
	INSERT INTO liking (post_id, account_id)
	SELECT id, :account FROM visible_post WHERE id = :post
	ON CONFLICT DO NOTHING
	RETURNING post_id
), counted AS (
	UPDATE post SET likes = likes + (SELECT count(*) FROM added)
	WHERE id = :post AND deleted_at IS NULL
		AND EXISTS (SELECT FROM visible_post v WHERE v.id = :post)
	RETURNING id, account_id, likes
), told AS (
	INSERT INTO notification (account_id, kind, actor_id, post_id)
	SELECT c.account_id, 'like', :account, c.id
	FROM counted c
	JOIN added ON added.post_id = c.id
	JOIN account a ON a.id = c.account_id
	WHERE c.account_id <> :account AND NOT a.is_simulated
	ON CONFLICT DO NOTHING
)
SELECT likes FROM counted
