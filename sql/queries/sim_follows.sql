-- Whom the account of that name follows, newest first; at most `most`.  Nobody
-- where a stranger may not know.
-- in: name str, most int
-- out: name str
-- rows: many
SELECT b.name
FROM account a
JOIN follow f ON f.follower_id = a.id
JOIN account b ON b.id = f.followed_id
WHERE a.name_key = lower(:name)
	AND NOT EXISTS (SELECT FROM closed_account c WHERE c.id = a.id)
ORDER BY f.created_at DESC, b.id DESC
LIMIT :most
