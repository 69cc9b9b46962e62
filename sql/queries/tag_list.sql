-- The posts that carry a hashtag (in lower case), newest first, older than
-- `before`.
-- in: tag str, before int
-- row: tile
-- out: id int, key str?, alt str, images int, colour int, webp int, is_guarded bool, caption str
-- rows: many
SELECT p.id, p.cover_key AS key, p.cover_alt AS alt, p.images,
	p.cover_colour AS colour, p.cover_webp AS webp,
	EXISTS (SELECT FROM guarded_account g WHERE g.id = p.account_id)
		AS is_guarded, p.caption
FROM post_tag t
JOIN visible_post p ON p.id = t.post_id
WHERE t.tag = normalize(:tag) AND t.post_id < :before
ORDER BY t.post_id DESC
LIMIT 31
