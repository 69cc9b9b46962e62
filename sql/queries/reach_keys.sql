-- The keys of an account's images that its suspension takes out of public
-- reach, after one of them.
-- in: account int, after str
-- out: key str
-- rows: many
SELECT i.key FROM image i JOIN post p ON p.id = i.post_id
WHERE p.account_id = :account AND p.deleted_at IS NULL AND i.key > :after
ORDER BY i.key LIMIT 50
