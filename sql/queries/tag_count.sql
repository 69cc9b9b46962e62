-- How many posts that the viewer may see carry a hashtag (in lower case); 1,001
-- stands for more than that.
-- in: tag str
-- out: posts int
-- rows: one
SELECT count(*) AS posts
FROM (SELECT FROM post_tag t
	JOIN visible_post p ON p.id = t.post_id
	WHERE t.tag = normalize(:tag)
	LIMIT 1001) counted
