-- Keeps a post from being deleted, and its author from being followed and
-- unfollowed, to the end of the transaction.  A statement of its own: the next
-- one then sees what those had done who were waited for.
-- in: post int
-- out: author int
-- rows: maybe
SELECT p.account_id AS author
FROM post p JOIN account a ON a.id = p.account_id
WHERE p.id = :post AND p.deleted_at IS NULL
FOR SHARE OF p FOR NO KEY UPDATE OF a
