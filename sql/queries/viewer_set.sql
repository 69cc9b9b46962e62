-- Makes viewer() give this account for the rest of the transaction.
-- in: account int
-- out: viewer str
-- rows: one
SELECT set_config('pixlpix.viewer', :account::bigint::text, true) AS viewer
