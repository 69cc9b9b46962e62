-- Whoever is telling the account something, or taking it back, is waited for;
-- the next statement of the transaction sees it.
-- in: account int
-- out: read_to int
-- rows: maybe
SELECT read_to FROM inbox WHERE account_id = :account FOR UPDATE
