-- Failed logins for a name (user name or e-mail address) in 15 minutes.
-- in: who str
-- out: failures int
-- rows: one
SELECT count(*) AS failures FROM login_failure
WHERE name_key = lower(:who) AND at > now() - interval '15 minutes'
