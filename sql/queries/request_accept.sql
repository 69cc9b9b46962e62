-- Says yes to somebody who asks to follow the account: they follow it from now
-- on, are told so, and its newest posts come into their home timeline.  No row where nobody
-- of that name asks, so that a second time changes nothing.
-- After follow_lock, in the same transaction.
-- in: account int, name str
-- out: id int
-- rows: maybe
WITH settled AS (
	DELETE FROM follow_request r USING account f
	WHERE r.followed_id = :account AND r.follower_id = f.id
		AND f.name_key = lower(:name) AND f.suspended_at IS NULL
	RETURNING r.follower_id, r.followed_id
), added AS (
	INSERT INTO follow (follower_id, followed_id)
	SELECT follower_id, followed_id FROM settled
	ON CONFLICT DO NOTHING
	RETURNING follower_id, followed_id
), counted AS (
	UPDATE account a SET
		followers = followers
			+ (a.id = added.followed_id)::integer,
		following = following
			+ (a.id = added.follower_id)::integer
	FROM added WHERE a.id IN (added.follower_id, added.followed_id)
), told AS (
	INSERT INTO notification (account_id, kind, actor_id)
	SELECT a.id, 'accept', :account
	FROM added JOIN account a ON a.id = added.follower_id
	WHERE NOT a.is_simulated
	ON CONFLICT DO NOTHING
), untold AS (
	DELETE FROM notification n USING settled s, inbox i
	WHERE n.post_id IS NULL AND n.actor_id = s.follower_id
		AND n.account_id = :account AND n.kind = 'request'
		AND i.account_id = n.account_id AND n.id > i.read_to
), fed AS (
	INSERT INTO feed (account_id, post_id, author_id)
	SELECT added.follower_id, recent.id, added.followed_id
	FROM added, LATERAL (
		SELECT p.id FROM post p
		WHERE p.account_id = added.followed_id AND p.deleted_at IS NULL
		ORDER BY p.id DESC LIMIT 100
	) recent
	ON CONFLICT DO NOTHING
)
SELECT follower_id AS id FROM settled
