-- Whether the user name, or the e-mail address, is somebody's already.
-- in: name str, email str
-- out: name_taken bool, email_taken bool
-- rows: one
SELECT EXISTS (SELECT FROM account WHERE name_key = lower(:name))
		AS name_taken,
	EXISTS (SELECT FROM account
		WHERE email_key = lower(:email) AND NOT is_simulated)
		AS email_taken
