-- A new account; its names are unique without regard to case.
-- in: name str, email str, display str, password_hash str, consent_version str, form_key str
-- out: id int
-- rows: one
INSERT INTO account
	(name, email, display, password_hash, consent_version, form_key)
VALUES (:name, :email, :display, :password_hash, :consent_version, :form_key)
RETURNING id
