-- What an account that is erased was told, and what others were told of it and
-- of its posts.  In one statement, so that their inboxes are locked in order.
-- in: account int
-- rows: none
DELETE FROM notification WHERE id IN (
	SELECT id FROM notification WHERE account_id = :account
	UNION
	SELECT id FROM notification WHERE actor_id = :account
	UNION
	SELECT n.id FROM post p JOIN notification n ON n.post_id = p.id
	WHERE p.account_id = :account)
