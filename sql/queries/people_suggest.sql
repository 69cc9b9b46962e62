-- People whom the viewer does not follow yet and who post for all, most followed
-- first, for somebody whose home timeline is empty.
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
FROM account a
WHERE a.posts > 0 AND a.suspended_at IS NULL AND NOT a.is_private
	AND a.id IS DISTINCT FROM (SELECT viewer())
	AND NOT EXISTS (SELECT FROM follow v
		WHERE v.follower_id = (SELECT viewer()) AND v.followed_id = a.id)
ORDER BY a.followers DESC, a.id DESC
LIMIT 12
