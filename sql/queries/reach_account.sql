-- Where the images of an account belong, kept from changing for this
-- transaction, and its picture; nothing where it is erased.
-- in: account int
-- out: is_suspended bool, is_private bool, is_moving bool, picture str?
-- rows: maybe
SELECT suspended_at IS NOT NULL AS is_suspended, is_private,
	is_moving, picture_key AS picture
FROM account WHERE id = :account FOR NO KEY UPDATE
