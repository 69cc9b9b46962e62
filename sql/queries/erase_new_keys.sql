-- The object keys of what an account has posted since erase_hide.
-- in: account int
-- row: erase_keys
-- out: key str
-- rows: many
SELECT i.key FROM image i JOIN post p ON p.id = i.post_id
WHERE p.account_id = :account AND p.deleted_at IS NULL
ORDER BY i.key
