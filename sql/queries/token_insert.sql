-- A new token, unless the account has as many as one may have, or the same
-- form has made one.
-- in: account int, name str, token_hash bytes, can_read bool, can_write bool, can_upload bool, form_key str, most int
-- out: is_made bool, is_full bool
-- rows: one
WITH have AS (
	SELECT count(*) AS tokens FROM token WHERE account_id = :account
), made AS (
	INSERT INTO token (account_id, name, token_hash, can_read, can_write,
		can_upload, form_key)
	SELECT :account, :name, :token_hash, :can_read, :can_write,
		:can_upload, :form_key
	FROM have WHERE tokens < :most
	ON CONFLICT ON CONSTRAINT token_form_key_unique DO NOTHING
	RETURNING id
)
SELECT EXISTS (SELECT FROM made) AS is_made,
	(SELECT tokens >= :most FROM have) AS is_full
