-- Takes the comments of an account that is erased from wherever they stand;
-- those of a suspended one do not count already.
-- in: account int
-- rows: none
WITH taken AS (
	DELETE FROM comment WHERE account_id = :account
	RETURNING post_id, deleted_at
)
UPDATE post p SET comments = p.comments - c.count
FROM (SELECT post_id, count(*) FROM taken
	WHERE deleted_at IS NULL GROUP BY post_id) c
WHERE p.id = c.post_id AND EXISTS (SELECT FROM account
	WHERE id = :account AND suspended_at IS NULL)
