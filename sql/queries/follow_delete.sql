-- Follows somebody no more, and takes their posts from the home timeline; takes
-- back what was asked of a private account.  No row where there is no such
-- account.
-- After follow_lock, in the same transaction.
-- in: account int, name str
-- out: id int
-- rows: one
WITH target AS (
	SELECT id FROM account WHERE name_key = lower(:name)
), withdrawn AS (
	DELETE FROM follow_request r USING target
	WHERE r.follower_id = :account AND r.followed_id = target.id
), taken AS (
	DELETE FROM follow f
	USING target
	WHERE f.follower_id = :account AND f.followed_id = target.id
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
SELECT id FROM target
