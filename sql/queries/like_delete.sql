-- Takes a like back.  No row where there is none that the viewer may see.
-- in: account int, post int
-- out: likes int
-- rows: one
WITH taken AS (
	DELETE FROM liking WHERE post_id = :post AND account_id = :account
		AND EXISTS (SELECT FROM visible_post v WHERE v.id = :post)
	RETURNING post_id
), untold AS (
	DELETE FROM notification n USING taken t, inbox i
	WHERE n.post_id = t.post_id AND n.actor_id = :account
		AND n.kind = 'like'
		AND i.account_id = n.account_id AND n.id > i.read_to
)
UPDATE post SET likes = likes - (SELECT count(*) FROM taken)
WHERE id = :post AND deleted_at IS NULL
	AND EXISTS (SELECT FROM visible_post v WHERE v.id = :post)
RETURNING likes
