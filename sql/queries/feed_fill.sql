-- Puts a post into the home timelines of all followers of its author.
-- in: post int
-- rows: none
INSERT INTO feed (account_id, post_id, author_id)
SELECT f.follower_id, p.id, p.account_id
FROM post p
JOIN follow f ON f.followed_id = p.account_id
WHERE p.id = :post AND p.deleted_at IS NULL
ON CONFLICT DO NOTHING
