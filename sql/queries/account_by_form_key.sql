-- The account that an earlier sending of the same form made.
-- in: form_key str
-- out: id int, name str, password_hash str
-- rows: maybe
SELECT id, name, password_hash FROM account WHERE form_key = :form_key
