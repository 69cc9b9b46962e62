-- Saves a post that the viewer may see, once.  No row where there is none.
-- in: account int, post int
-- out: post int
-- rows: one
WITH target AS (
	SELECT id FROM visible_post WHERE id = :post
), added AS (
	INSERT INTO bookmark (account_id, post_id)
	SELECT :account, id FROM target
	ON CONFLICT DO NOTHING
)
SELECT id AS post FROM target
