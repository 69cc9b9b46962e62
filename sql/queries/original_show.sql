-- The original of an image (by its place, from 1) of one's own post.
-- in: post int, place int
-- out: key str, original str
-- rows: maybe
SELECT i.key, i.original FROM image i
JOIN visible_post p ON p.id = i.post_id
WHERE i.post_id = :post AND i.place = :place AND i.original <> ''
	AND p.account_id = (SELECT viewer())
