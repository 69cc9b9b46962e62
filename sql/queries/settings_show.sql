-- What an account may edit of itself.
-- out: name str, email str, display str, bio str, picture str?
-- rows: one
SELECT name, email, display, bio, picture_key AS picture
FROM account WHERE id = viewer()
