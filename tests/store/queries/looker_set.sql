-- Says who looks, and that nothing is written.
-- in: viewer str
-- out: viewer str, mode str
-- rows: one
SELECT set_config('pixlpix.viewer', :viewer, true) AS viewer,
	set_config('transaction_read_only', 'on', true) AS mode
