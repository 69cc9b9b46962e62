-- Who follows an account, by account id, newest account first; nobody where the
-- viewer may not know.
-- in: name str, before int
-- row: person
-- out: id int, name str, display str, bio str, picture str?, is_self bool, is_followed bool, is_asked bool
-- rows: many
SELECT a.id, a.name, a.display, a.bio, a.picture_key AS picture,
	coalesce(a.id = (SELECT viewer()), false) AS is_self,
	EXISTS (SELECT FROM follow v
		WHERE v.follower_id = (SELECT viewer()) AND v.followed_id = a.id)
		AS is_followed,
	EXISTS (SELECT FROM follow_request r
		WHERE r.follower_id = (SELECT viewer()) AND r.followed_id = a.id)
		AS is_asked
FROM follow f
JOIN account a ON a.id = f.follower_id AND a.suspended_at IS NULL
WHERE f.followed_id = (SELECT o.id FROM account o
		WHERE o.name_key = lower(:name) AND (o.suspended_at IS NOT NULL
			OR NOT EXISTS (SELECT FROM closed_account c
				WHERE c.id = o.id)))
	AND f.follower_id < :before
ORDER BY f.follower_id DESC
LIMIT 41
