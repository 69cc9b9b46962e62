-- Takes the follows of an account that is erased from those they count for.
-- in: account int
-- rows: none
WITH taken AS (
	DELETE FROM follow
	WHERE follower_id = :account OR followed_id = :account
	RETURNING follower_id, followed_id
)
UPDATE account a SET
	followers = a.followers
		- (SELECT count(*) FROM taken t WHERE t.followed_id = a.id),
	following = a.following
		- (SELECT count(*) FROM taken t WHERE t.follower_id = a.id)
WHERE a.id IN (
	SELECT followed_id FROM taken UNION SELECT follower_id FROM taken)
