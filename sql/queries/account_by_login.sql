-- The account of a user name or an e-mail address.  What the simulator has
-- registered comes behind everybody else: its names may look like addresses.
-- in: who str
-- out: id int, password_hash str, changed when, is_suspended bool
-- rows: maybe
SELECT id, password_hash, password_changed_at AS changed,
	suspended_at IS NOT NULL AS is_suspended
FROM account
WHERE name_key = lower(:who) OR (email_key = lower(:who) AND NOT is_simulated)
ORDER BY is_simulated, name_key = lower(:who) DESC
LIMIT 1
