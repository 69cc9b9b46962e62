-- The next batch of an account's images is to be moved.
-- in: account int, after str
-- rows: none
INSERT INTO job (kind, subject, detail)
VALUES ('account_reach', :account, :after)
