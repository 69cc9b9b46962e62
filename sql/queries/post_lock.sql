-- Waits for whoever is putting the post into home timelines; the next
-- statement of the transaction sees what that has put.
-- in: account int, post int
-- out: id int
-- rows: maybe
SELECT id FROM post WHERE id = :post AND account_id = :account FOR UPDATE
