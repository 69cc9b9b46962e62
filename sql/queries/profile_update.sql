-- New display name and bio.
-- in: account int, display str, bio str
-- rows: none
UPDATE account SET display = :display, bio = :bio WHERE id = :account
