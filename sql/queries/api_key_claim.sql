-- Notes what is sent with a key, and tells what was sent with it first, and
-- whether that is this.  The account's keys of the day before yesterday are
-- forgotten.
-- in: account int, key str, request str
-- out: request str, is_new bool
-- rows: one
WITH forgotten AS (
	DELETE FROM api_key
	WHERE account_id = :account AND key <> :key
		AND created_at < now() - interval '2 days'
)
INSERT INTO api_key AS k (account_id, key, request)
VALUES (:account, :key, :request)
ON CONFLICT (account_id, key) DO UPDATE SET request = k.request
RETURNING k.request, k.xmax = 0 AS is_new
