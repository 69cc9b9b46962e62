-- Makes an account an admin, where the site has none yet.
-- in: account int
-- out: id int
-- rows: maybe
UPDATE account SET role = 'admin'
WHERE id = :account
	AND NOT EXISTS (SELECT FROM account WHERE role = 'admin')
RETURNING id
