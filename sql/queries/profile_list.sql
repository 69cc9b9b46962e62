-- The posts of an account, newest first, older than `before`.
-- in: name str, before int
-- row: tile
-- out: id int, key str?, alt str, images int, colour int, webp int, is_guarded bool, caption str
-- rows: many
SELECT p.id, p.cover_key AS key, p.cover_alt AS alt, p.images,
	p.cover_colour AS colour, p.cover_webp AS webp,
	EXISTS (SELECT FROM guarded_account g WHERE g.id = p.account_id)
		AS is_guarded, p.caption
FROM visible_post p
WHERE p.account_id = (SELECT id FROM account WHERE name_key = lower(:name))
	AND p.id < :before
ORDER BY p.id DESC
LIMIT 31
