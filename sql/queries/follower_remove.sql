-- Takes a follower away from an account, and the account's posts from their
-- home timeline.  No row where there is no account of that name.
-- After follow_lock, in the same transaction.
-- in: account int, name str
-- out: id int, is_gone bool
-- rows: one
WITH target AS (
	SELECT id FROM account WHERE name_key = lower(:name)
), taken AS (
	DELETE FROM follow f
	USING target
	WHERE f.follower_id = target.id AND f.followed_id = :account
	RETURNING f.follower_id, f.followed_id
), counted AS (
	UPDATE account a SET
		followers = followers
			- (a.id = taken.followed_id)::integer,
		following = following
			- (a.id = taken.follower_id)::integer
	FROM taken WHERE a.id IN (taken.follower_id, taken.followed_id)
), unfed AS (
	DELETE FROM feed USING taken
	WHERE feed.account_id = taken.follower_id
		AND feed.author_id = taken.followed_id
)
SELECT id, EXISTS (SELECT FROM taken) AS is_gone FROM target
