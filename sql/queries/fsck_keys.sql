-- Which of these object keys rows name, and where their objects belong.
-- in: keys strs
-- out: key str, is_public bool
-- rows: many
SELECT i.key, p.deleted_at IS NULL AND a.suspended_at IS NULL
		AND NOT a.is_private AS is_public
FROM image i JOIN post p ON p.id = i.post_id
JOIN account a ON a.id = p.account_id
WHERE i.key = ANY (:keys)
UNION ALL
SELECT picture_key, suspended_at IS NULL FROM account WHERE picture_key = ANY (:keys)
UNION ALL
SELECT key, false FROM former_picture WHERE key = ANY (:keys)
