-- The object keys of an account's profile pictures, the present and the former.
-- in: account int
-- row: erase_keys
-- out: key str
-- rows: many
SELECT picture_key AS key FROM account
WHERE id = :account AND picture_key IS NOT NULL
UNION
SELECT key FROM former_picture WHERE account_id = :account
