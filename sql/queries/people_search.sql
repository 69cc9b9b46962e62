-- People whose user name begins with `prefix` or whose display name has it
-- at the beginning of a word.  `prefix` is LIKE-escaped.
-- in: prefix str
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
WHERE (a.name_key LIKE lower(:prefix) || '%'
		OR lower(a.display) LIKE lower(:prefix) || '%'
		OR lower(a.display) LIKE '% ' || lower(:prefix) || '%')
	AND a.suspended_at IS NULL
ORDER BY a.followers DESC, a.id
LIMIT 20
