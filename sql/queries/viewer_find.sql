-- Whose session it is, if anybody's; always one row, account 0 for nobody.
-- First statement of every page: for the rest of its transaction viewer()
-- gives the account, and with `mode` 'on' nothing can be written.  `requests`
-- wait for the answer of a private account; 100 stands for more than 99.
-- in: token_hash bytes, idle_minutes int, days int, mode str
-- out: account int, name str, display str, picture str?, is_stale bool, is_moderator bool, is_admin bool, requests int, unread int, viewer str, mode str
-- rows: one
SELECT coalesce(a.id, 0) AS account, coalesce(a.name, '') AS name,
	coalesce(a.display, '') AS display, a.picture_key AS picture,
	coalesce(s.seen_at < now() - interval '5 minutes', false) AS is_stale,
	coalesce(a.role <> 'member', false) AS is_moderator,
	coalesce(a.role = 'admin', false) AS is_admin,
	CASE WHEN a.is_private THEN (SELECT count(*)
		FROM (SELECT FROM follow_request r
			JOIN account f ON f.id = r.follower_id
				AND f.suspended_at IS NULL
			WHERE r.followed_id = a.id LIMIT 100) waiting)
		ELSE 0 END AS requests,
	coalesce(i.unread, 0) AS unread,
	set_config('pixlpix.viewer', coalesce(a.id::text, ''), true) AS viewer,
	set_config('transaction_read_only', :mode, true) AS mode
FROM (VALUES (true)) AS always (so)
LEFT JOIN session s ON s.token_hash = :token_hash
	AND s.seen_at > now() - :idle_minutes * interval '1 minute'
	AND s.created_at > now() - :days * interval '1 day'
LEFT JOIN account a ON a.id = s.account_id AND a.suspended_at IS NULL
LEFT JOIN inbox i ON i.account_id = a.id
