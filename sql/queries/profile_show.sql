-- An account as its profile page shows it; a suspended one to
-- moderators alone.  `is_closed`: it is private, and the viewer may not
-- see what it has posted.
-- in: name str
-- out: id int, name str, display str, bio str, picture str?, posts int, followers int, following int, joined when, is_self bool, is_followed bool, is_asked bool, is_private bool, is_closed bool, is_suspended bool, because str
-- rows: one
SELECT a.id, a.name, a.display, a.bio, a.picture_key AS picture, a.posts,
	a.followers, a.following, a.created_at AS joined,
	coalesce(a.id = (SELECT viewer()), false) AS is_self,
	EXISTS (SELECT FROM follow f
		WHERE f.follower_id = (SELECT viewer()) AND f.followed_id = a.id)
		AS is_followed,
	EXISTS (SELECT FROM follow_request r
		WHERE r.follower_id = (SELECT viewer()) AND r.followed_id = a.id)
		AS is_asked,
	a.is_private,
	a.is_private AND EXISTS (SELECT FROM closed_account c WHERE c.id = a.id)
		AND a.suspended_at IS NULL AS is_closed,
	a.suspended_at IS NOT NULL AS is_suspended,
	a.suspended_because AS because
FROM account a
WHERE a.name_key = lower(:name) AND (a.suspended_at IS NULL
	OR EXISTS (SELECT FROM account v
		WHERE v.id = (SELECT viewer()) AND v.role <> 'member'))
