-- One more failed login for a name; old ones of all names are let go.
-- in: who str, network str
-- rows: none
WITH old AS (
	DELETE FROM login_failure WHERE at < now() - interval '1 day'
)
INSERT INTO login_failure (name_key, network) VALUES (lower(:who), :network)
