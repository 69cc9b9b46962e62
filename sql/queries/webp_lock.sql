-- Keeps the post of an image from being deleted or erased, and its account
-- from being suspended or made private or public, until the transaction ends;
-- nothing where one of the first three has happened.  The account first, as who
-- erases it does.
-- in: key str
-- out: id int, is_private bool
-- rows: maybe
SELECT p.id, a.is_private FROM post p
JOIN image i ON i.post_id = p.id
JOIN account a ON a.id = p.account_id AND a.suspended_at IS NULL
WHERE i.key = :key AND p.deleted_at IS NULL
FOR KEY SHARE OF a FOR NO KEY UPDATE OF p
