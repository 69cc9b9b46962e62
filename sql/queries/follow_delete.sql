-- Follows somebody no more, and takes their posts from the home timeline.  No
-- row where there is no such account.
-- in: account int, name str
-- out: id int
-- rows: one
WITH target AS (
	SELECT id FROM account WHERE name_key = lower(:name)
), locked AS ( -- both in one order, so that two who do this do not deadlock
	SELECT id FROM account
	WHERE id IN (:account, (SELECT id FROM target))
	ORDER BY id FOR NO KEY UPDATE
), taken AS (
	DELETE FROM follow f
	USING target, (SELECT count(*) FROM locked) l
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
