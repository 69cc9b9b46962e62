-- Failed logins for a name (user name or e-mail address) in 15 minutes: those
-- from one network, and all of them.
-- in: who str, network str
-- out: of_network int, of_all int
-- rows: one
SELECT count(*) FILTER (WHERE network = :network) AS of_network,
	count(*) AS of_all
FROM login_failure
WHERE name_key = lower(:who) AND at > now() - interval '15 minutes'
