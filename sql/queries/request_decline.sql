-- Says no to somebody who asks to follow the account.  No row where nobody of
-- that name asks.
-- in: account int, name str
-- out: id int
-- rows: maybe
WITH settled AS (
	DELETE FROM follow_request r USING account f
	WHERE r.followed_id = :account AND r.follower_id = f.id
		AND f.name_key = lower(:name)
	RETURNING r.follower_id
), untold AS (
	DELETE FROM notification n USING settled s, inbox i
	WHERE n.post_id IS NULL AND n.actor_id = s.follower_id
		AND n.account_id = :account AND n.kind = 'request'
		AND i.account_id = n.account_id AND n.id > i.read_to
)
SELECT follower_id AS id FROM settled
