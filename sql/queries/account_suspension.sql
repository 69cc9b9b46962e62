-- Why the account of a user name or an e-mail address is suspended; nothing
-- where it is not.
-- in: who str
-- out: because str
-- rows: maybe
SELECT suspended_because AS because FROM account
WHERE (name_key = lower(:who)
		OR (email_key = lower(:who) AND NOT is_simulated))
	AND suspended_at IS NOT NULL
ORDER BY is_simulated, name_key = lower(:who) DESC
LIMIT 1
