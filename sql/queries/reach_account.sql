-- Whether an account is suspended, kept from changing for this transaction,
-- and its picture; nothing where it is erased.
-- in: account int
-- out: is_suspended bool, picture str?
-- rows: maybe
SELECT suspended_at IS NOT NULL AS is_suspended, picture_key AS picture
FROM account WHERE id = :account FOR NO KEY UPDATE
