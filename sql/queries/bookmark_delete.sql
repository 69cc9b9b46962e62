-- Saves a post no longer.  No row where there is none that the viewer may see.
-- in: account int, post int
-- out: post int
-- rows: one
WITH target AS (
	SELECT id FROM visible_post WHERE id = :post
), taken AS (
	DELETE FROM bookmark b USING target t
	WHERE b.account_id = :account AND b.post_id = t.id
)
SELECT id AS post FROM target
