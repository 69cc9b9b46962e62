-- An account that the simulator has registered.
-- in: name str, email str, display str, password_hash str
-- out: id int
-- rows: one
INSERT INTO account
	(name, email, display, password_hash, consent_version, is_simulated)
VALUES (:name, :email, :display, :password_hash, 'simulator', true)
RETURNING id
