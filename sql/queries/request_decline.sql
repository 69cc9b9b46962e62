-- Says no to somebody who asks to follow the account.  No row where nobody of
-- that name asks.
-- in: account int, name str
-- out: id int
-- rows: maybe
DELETE FROM follow_request r USING account f
WHERE r.followed_id = :account AND r.follower_id = f.id
	AND f.name_key = lower(:name)
RETURNING r.follower_id AS id
