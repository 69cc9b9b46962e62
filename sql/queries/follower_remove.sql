-- Takes a follower away from an account, and the account's posts from their
-- home timeline; nobody is called to what is out of sight now.  No row where there is no account of that name.
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
), untold AS (
	DELETE FROM notification WHERE id IN (
		SELECT n.id FROM taken t, notification n, inbox i
		WHERE n.post_id IS NULL AND n.actor_id = t.follower_id
			AND n.account_id = t.followed_id AND n.kind = 'follow'
			AND i.account_id = n.account_id AND n.id > i.read_to
		UNION
		SELECT n.id FROM taken t, notification n, inbox i
		WHERE n.post_id IS NULL AND n.actor_id = t.followed_id
			AND n.account_id = t.follower_id AND n.kind = 'accept'
			AND i.account_id = n.account_id AND n.id > i.read_to
		UNION
		SELECT n.id FROM taken t
		JOIN account o ON o.id = t.followed_id AND o.is_private
		JOIN inbox i ON i.account_id = t.follower_id
		JOIN notification n ON n.account_id = i.account_id
			AND n.id > i.read_to
		JOIN post p ON p.id = n.post_id AND p.account_id = o.id
	)
), unfed AS (
	DELETE FROM feed USING taken
	WHERE feed.account_id = taken.follower_id
		AND feed.author_id = taken.followed_id
)
SELECT id, EXISTS (SELECT FROM taken) AS is_gone FROM target
