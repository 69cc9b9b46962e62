-- Who is meant by a user name or an e-mail address, and whether a link was made
-- so lately, or mailed so often, that there is to be no other yet.  What the
-- simulator has registered has addresses that are nobody's.
-- in: who str
-- out: account int, name str, email str, is_held bool
-- rows: maybe
SELECT a.id AS account, a.name, a.email,
	coalesce(l.made_at > now() - interval '15 minutes'
		OR l.mails >= 3 AND l.made_at > now() - interval '1 day',
		false) AS is_held
FROM account a LEFT JOIN reset_link l ON l.account_id = a.id
WHERE (a.name_key = lower(:who) OR a.email_key = lower(:who))
	AND NOT a.is_simulated
ORDER BY a.name_key = lower(:who) DESC
LIMIT 1
