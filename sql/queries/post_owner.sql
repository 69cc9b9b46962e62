-- A post as its owner sees it before deleting it.
-- in: post int
-- out: id int, is_own bool, caption str, key str?, alt str, images int, colour int
-- rows: one
SELECT p.id, coalesce(p.account_id = viewer(), false) AS is_own, p.caption,
	p.cover_key AS key, p.cover_alt AS alt, p.images,
	p.cover_colour AS colour
FROM visible_post p
WHERE p.id = :post
