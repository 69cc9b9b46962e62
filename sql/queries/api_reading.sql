-- Who reads: for the rest of the transaction viewer() gives the account, and
-- nothing can be written.
-- in: account int
-- out: viewer str, mode str
-- rows: one
SELECT set_config('pixlpix.viewer', :account::bigint::text, true) AS viewer,
	set_config('transaction_read_only', 'on', true) AS mode
