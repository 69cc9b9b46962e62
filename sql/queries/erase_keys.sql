-- The object keys of all images of an account's posts.
-- in: account int
-- row: erase_keys
-- out: key str
-- rows: many
SELECT i.key FROM image i JOIN post p ON p.id = i.post_id
WHERE p.account_id = :account
ORDER BY i.key
