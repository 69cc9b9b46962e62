-- Who waits longest for the answer of an account that is not private any more.
-- in: account int
-- out: name str
-- rows: maybe
SELECT f.name
FROM follow_request r
JOIN account a ON a.id = r.followed_id AND NOT a.is_private
JOIN account f ON f.id = r.follower_id AND f.suspended_at IS NULL
WHERE r.followed_id = :account
ORDER BY r.id LIMIT 1
