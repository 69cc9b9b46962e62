-- Likes a post that the viewer may see, once.  No row where there is none.
-- in: account int, post int
-- out: likes int
-- rows: one
WITH added AS (
	INSERT INTO liking (post_id, account_id)
	SELECT id, :account FROM visible_post WHERE id = :post
	ON CONFLICT DO NOTHING
	RETURNING post_id
)
UPDATE post SET likes = likes + (SELECT count(*) FROM added)
WHERE id = :post AND deleted_at IS NULL
	AND EXISTS (SELECT FROM visible_post v WHERE v.id = :post)
RETURNING likes
