-- Puts a post into the home timelines of the next followers of its author, in
-- the order of their ids.  After feed_lock, in the same transaction.
-- in: author int, post int, after int
-- out: count int, last int
-- rows: one
WITH batch AS (
	SELECT follower_id FROM follow
	WHERE followed_id = :author AND follower_id > :after
	ORDER BY follower_id LIMIT 1000
), fed AS (
	INSERT INTO feed (account_id, post_id, author_id)
	SELECT follower_id, :post, :author FROM batch
	ON CONFLICT DO NOTHING
)
SELECT count(*) AS count, coalesce(max(follower_id), 0) AS last FROM batch
