-- Who asks to follow the viewer, newest first, older than `before`.
-- in: before int
-- out: id int, name str, display str, bio str, picture str?, created when
-- rows: many
SELECT r.id, a.name, a.display, a.bio, a.picture_key AS picture,
	r.created_at AS created
FROM follow_request r
JOIN account a ON a.id = r.follower_id AND a.suspended_at IS NULL
WHERE r.followed_id = (SELECT viewer()) AND r.id < :before
ORDER BY r.id DESC
LIMIT 41
