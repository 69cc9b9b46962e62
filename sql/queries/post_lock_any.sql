-- As post_lock, whoever's post it is.
-- in: post int
-- out: id int
-- rows: maybe
SELECT id FROM post WHERE id = :post FOR UPDATE
