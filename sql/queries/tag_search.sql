-- Hashtags that begin with `prefix` (LIKE-escaped), most used first.
-- in: prefix str
-- out: tag str, posts int
-- rows: many
SELECT t.tag, count(*) AS posts
FROM post_tag t
JOIN visible_post p ON p.id = t.post_id
WHERE t.tag LIKE normalize(lower(:prefix)) || '%'
GROUP BY t.tag
ORDER BY posts DESC, t.tag
LIMIT 20
