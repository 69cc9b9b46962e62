-- The key of a call that came to nothing may be used for another.
-- in: account int, key str
-- out: key str
-- rows: maybe
DELETE FROM api_key WHERE account_id = :account AND key = :key
RETURNING key
