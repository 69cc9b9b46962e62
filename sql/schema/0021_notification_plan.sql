-- The same notifications as before, each looked up by keys: an EXISTS may be
-- answered from a hash of every post there is, which is right for all rows of a
-- table and wrong for the page of one reader.
CREATE OR REPLACE VIEW visible_notification AS
	SELECT * FROM notification n
	WHERE NOT EXISTS (SELECT FROM account s
			WHERE s.id = n.actor_id AND s.suspended_at IS NOT NULL)
		AND (n.post_id IS NULL OR (SELECT true FROM visible_post p
			WHERE p.id = n.post_id))
		AND (n.comment_id IS NULL OR (SELECT true
			FROM visible_comment c WHERE c.id = n.comment_id))
		AND CASE n.kind
			WHEN 'like' THEN (SELECT true FROM liking l
				WHERE l.post_id = n.post_id
				AND l.account_id = n.actor_id)
			WHEN 'follow' THEN (SELECT true FROM follow f
				WHERE f.follower_id = n.actor_id
				AND f.followed_id = n.account_id)
			WHEN 'request' THEN (SELECT true FROM follow_request r
				WHERE r.follower_id = n.actor_id
				AND r.followed_id = n.account_id)
			WHEN 'accept' THEN (SELECT true FROM follow f
				WHERE f.follower_id = n.account_id
				AND f.followed_id = n.actor_id)
			ELSE true END;
