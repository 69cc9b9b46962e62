-- The account has read what it was told up to the notification `newest`; how
-- many have come since.  After inbox_lock, in the same transaction.
-- in: account int, newest int
-- out: unread int
-- rows: maybe
WITH here AS (
	SELECT greatest(i.read_to, least(:newest, (SELECT max(n.id)
		FROM notification n WHERE n.account_id = :account))) AS newest
	FROM inbox i WHERE i.account_id = :account
)
UPDATE inbox SET read_to = here.newest,
	unread = (SELECT count(*) FROM notification n
		WHERE n.account_id = :account AND n.id > here.newest)
FROM here
WHERE account_id = :account
RETURNING unread
