-- What an account may edit of itself, and how many wait for its answer where it
-- is private (100 stands for more than 99), and how much it has not read yet.
-- out: name str, email str, display str, bio str, picture str?, is_private bool, is_simulated bool, requests int, unread int
-- rows: one
SELECT a.name, a.email, a.display, a.bio, a.picture_key AS picture,
	a.is_private, a.is_simulated,
	CASE WHEN a.is_private THEN (SELECT count(*)
		FROM (SELECT FROM follow_request r
			JOIN account f ON f.id = r.follower_id
				AND f.suspended_at IS NULL
			WHERE r.followed_id = a.id LIMIT 100) waiting)
		ELSE 0 END AS requests,
	coalesce(i.unread, 0) AS unread
FROM account a LEFT JOIN inbox i ON i.account_id = a.id
WHERE a.id = viewer()
