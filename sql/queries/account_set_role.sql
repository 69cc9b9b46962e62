-- Gives an account a role; tells the one before.
-- in: account int, role str, actor int
-- out: before str
-- rows: one
WITH before AS (
	SELECT id, role FROM account WHERE id = :account FOR NO KEY UPDATE
), noted AS (
	INSERT INTO moderation (actor_id, what, account_id, reason)
	SELECT nullif(:actor, 0), 'role', id, :role FROM before WHERE role <> :role
)
UPDATE account a SET role = :role FROM before b WHERE a.id = b.id
RETURNING b.role AS before
