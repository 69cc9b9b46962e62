-- How many posts that the viewer may see carry a hashtag (in lower case).
-- in: tag str
-- out: posts int
-- rows: one
SELECT count(*) AS posts
FROM post_tag t
JOIN visible_post p ON p.id = t.post_id
WHERE t.tag = :tag
