-- Counts one more action of an account in this hour.
-- in: account int, kind str
-- out: count int, wait_s int
-- rows: one
INSERT INTO action_count AS c (account_id, kind, hour, count)
VALUES (:account, :kind, date_trunc('hour', now()), 1)
ON CONFLICT (account_id, kind) DO UPDATE SET
	hour = excluded.hour,
	count = CASE WHEN c.hour = excluded.hour THEN c.count + 1 ELSE 1 END
RETURNING c.count,
	extract(epoch FROM c.hour + interval '1 hour' - now())::bigint + 1
		AS wait_s
