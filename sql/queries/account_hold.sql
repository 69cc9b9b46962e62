-- Keeps an account for this transaction, and waits for whoever is posting,
-- commenting or logging in as it; the next statement sees what those did.
-- in: account int
-- out: id int
-- rows: one
SELECT id FROM account WHERE id = :account FOR UPDATE
