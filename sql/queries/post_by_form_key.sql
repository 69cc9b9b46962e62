-- The post that an earlier sending of the same form made.
-- in: account int, form_key str
-- out: id int
-- rows: maybe
SELECT id FROM post WHERE account_id = :account AND form_key = :form_key
