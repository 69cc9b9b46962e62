-- A new hash for the same password, only in place of the one that was checked.
-- in: account int, old_hash str, new_hash str
-- rows: none
UPDATE account SET password_hash = :new_hash
WHERE id = :account AND password_hash = :old_hash
