-- Ends that the account follows somebody, or (`is_owner`) that somebody follows
-- the account: takes the posts out of the home timeline, and takes back what was
-- asked of a private account.  What was told of it, and not read yet, goes with
-- it, and of what is out of sight now.  Who is no follower yet, but asks, is not
-- declined by the owner here.  No row where there is no such account.
-- After follow_lock, in the same transaction.
-- in: account int, name str, is_owner bool
-- out: id int
-- rows: one
WITH pair AS (
	SELECT id, CASE WHEN :is_owner THEN id ELSE :account END AS follower_id,
		CASE WHEN :is_owner THEN :account ELSE id END AS followed_id
	FROM account WHERE name_key = lower(:name)
), withdrawn AS (
	DELETE FROM follow_request r USING pair
	WHERE r.follower_id = pair.follower_id
		AND r.followed_id = pair.followed_id AND NOT :is_owner
), taken AS (
	DELETE FROM follow f USING pair
	WHERE f.follower_id = pair.follower_id
		AND f.followed_id = pair.followed_id
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
		SELECT n.id FROM pair t, notification n, inbox i
		WHERE n.post_id IS NULL AND n.actor_id = t.follower_id
			AND n.account_id = t.followed_id
			AND (n.kind = 'follow'
				OR (n.kind = 'request' AND NOT :is_owner))
			AND i.account_id = n.account_id AND n.id > i.read_to
		UNION
		SELECT n.id FROM pair t, notification n, inbox i
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
SELECT id FROM pair
