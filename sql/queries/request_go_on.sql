-- The next of those who wait is to be answered.
-- in: account int
-- rows: none
INSERT INTO job (kind, subject) VALUES ('requests_accept', :account)
