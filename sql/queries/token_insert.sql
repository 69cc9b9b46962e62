-- A new token, unless the account has as many as one may have, or the same
-- form has made one, or it shall moderate and the account may not.
-- in: account int, name str, token_hash bytes, can_read bool, can_write bool, can_upload bool, can_moderate bool, form_key str, most int
-- out: is_made bool, is_full bool, may_moderate bool
-- rows: one
WITH have AS (
	SELECT count(*) AS tokens,
		EXISTS (SELECT FROM account a WHERE a.id = :account
			AND a.role <> 'member') AS may_moderate
	FROM token WHERE account_id = :account
), made AS (
	INSERT INTO token (account_id, name, token_hash, can_read, can_write,
		can_upload, can_moderate, form_key)
	SELECT :account, :name, :token_hash, :can_read, :can_write,
		:can_upload, :can_moderate, :form_key
	FROM have WHERE tokens < :most AND (may_moderate OR NOT :can_moderate)
	ON CONFLICT ON CONSTRAINT token_form_key_unique DO NOTHING
	RETURNING id
)
SELECT EXISTS (SELECT FROM made) AS is_made,
	h.tokens >= :most AS is_full, h.may_moderate
FROM have h
