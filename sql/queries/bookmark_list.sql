-- The posts that the viewer has saved and may see, saved last first, saved
-- before the bookmark `before`.
-- in: before int
-- out: saved int, id int, key str?, alt str, images int, colour int, webp int, is_guarded bool, caption str
-- rows: many
SELECT b.id AS saved, p.id, p.cover_key AS key, p.cover_alt AS alt, p.images,
	p.cover_colour AS colour, p.cover_webp AS webp,
	EXISTS (SELECT FROM guarded_account g WHERE g.id = p.account_id)
		AS is_guarded, p.caption
FROM bookmark b
JOIN visible_post p ON p.id = b.post_id
WHERE b.account_id = (SELECT viewer()) AND b.id < :before
ORDER BY b.id DESC
LIMIT 31
