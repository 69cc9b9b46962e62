-- Images that came back lack the WebP that was not made meanwhile.
-- in: account int
-- rows: none
INSERT INTO job (kind, subject, detail, rank)
SELECT 'image_webp', p.id, i.key, 1
FROM image i JOIN post p ON p.id = i.post_id
WHERE p.account_id = :account AND p.deleted_at IS NULL
	AND i.webp = 0 AND i.original <> ''
	AND NOT EXISTS (SELECT FROM job j WHERE j.kind = 'image_webp'
		AND j.subject = p.id AND j.detail = i.key)
