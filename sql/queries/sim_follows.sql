-- Whom the account of that name follows, newest first; at most `most`.
-- in: name str, most int
-- out: name str
-- rows: many
SELECT b.name
FROM account a
JOIN follow f ON f.follower_id = a.id
JOIN account b ON b.id = f.followed_id
WHERE a.name_key = lower(:name)
ORDER BY f.created_at DESC, b.id DESC
LIMIT :most
