-- Follows somebody, once, and brings their newest posts into the home
-- timeline; where the account is private it is asked instead.  What is so
-- already stays.  They are told, once.  No row where there is no such account,
-- or it is suspended.
-- After follow_lock, in the same transaction.
-- in: account int, name str
-- out: id int, is_made bool, is_asked bool
-- rows: one
WITH target AS (
	SELECT id, is_private FROM account
	WHERE name_key = lower(:name) AND suspended_at IS NULL
), added AS (
	INSERT INTO follow (follower_id, followed_id)
	SELECT :account, id FROM target WHERE NOT is_private
	ON CONFLICT DO NOTHING
	RETURNING follower_id, followed_id
), asked AS (
	INSERT INTO follow_request (follower_id, followed_id)
	SELECT :account, id FROM target t
	WHERE is_private AND NOT EXISTS (SELECT FROM follow f
		WHERE f.follower_id = :account AND f.followed_id = t.id)
	ON CONFLICT DO NOTHING
	RETURNING id
), settled AS (
	DELETE FROM follow_request r USING added
	WHERE r.follower_id = added.follower_id
		AND r.followed_id = added.followed_id
), counted AS (
	UPDATE account a SET
		followers = followers
			+ (a.id = added.followed_id)::integer,
		following = following
			+ (a.id = added.follower_id)::integer
	FROM added WHERE a.id IN (added.follower_id, added.followed_id)
), told AS (
	INSERT INTO notification (account_id, kind, actor_id)
	SELECT a.id, CASE WHEN t.is_private THEN 'request' ELSE 'follow' END,
		:account
	FROM target t JOIN account a ON a.id = t.id
	WHERE NOT a.is_simulated AND (EXISTS (SELECT FROM added)
		OR EXISTS (SELECT FROM asked))
	ON CONFLICT DO NOTHING
), untold AS (
	DELETE FROM notification n USING added, inbox i
	WHERE n.post_id IS NULL AND n.actor_id = added.follower_id
		AND n.account_id = added.followed_id AND n.kind = 'request'
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
SELECT id, EXISTS (SELECT FROM added) AS is_made,
	EXISTS (SELECT FROM asked) AS is_asked
FROM target
