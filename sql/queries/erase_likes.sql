-- Takes the likes of an account that is erased from the posts that count them.
-- in: account int
-- rows: none
WITH taken AS (
	DELETE FROM liking WHERE account_id = :account RETURNING post_id
)
UPDATE post p SET likes = p.likes - 1
FROM taken WHERE p.id = taken.post_id
