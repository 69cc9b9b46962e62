-- The viewer's tokens, newest first.
-- out: id int, name str, can_read bool, can_write bool, can_upload bool, can_moderate bool, created when, used when?
-- rows: many
SELECT id, name, can_read, can_write, can_upload, can_moderate,
	created_at AS created, used_at AS used
FROM token WHERE account_id = (SELECT viewer())
ORDER BY id DESC
LIMIT 100
