-- Takes a like back.  No row where there is no such post.
-- in: account int, post int
-- out: likes int
-- rows: one
WITH taken AS (
	DELETE FROM liking WHERE post_id = :post AND account_id = :account
	RETURNING post_id
)
UPDATE post SET likes = likes - (SELECT count(*) FROM taken)
WHERE id = :post AND deleted_at IS NULL
RETURNING likes
