-- One account for whoever looks after the site, by its user name or its e-mail
-- address.
-- in: name str
-- row: account_line
-- out: id int, name str, display str, email str, role str, created when, suspended when?, because str, posts int, followers int, following int, seen when?, tokens int
-- rows: one
SELECT a.id, a.name, a.display, a.email, a.role, a.created_at AS created,
	a.suspended_at AS suspended, a.suspended_because AS because,
	a.posts, a.followers, a.following,
	(SELECT max(s.seen_at) FROM session s WHERE s.account_id = a.id)
		AS seen,
	(SELECT count(*) FROM token t WHERE t.account_id = a.id) AS tokens
FROM account a
WHERE a.name_key = lower(:name)
	OR (a.email_key = lower(:name) AND NOT a.is_simulated)
ORDER BY a.is_simulated, a.name_key = lower(:name) DESC
LIMIT 1
