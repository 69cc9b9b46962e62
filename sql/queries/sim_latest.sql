-- The newest command that the simulator has named, -1 before any.
-- out: latest int
-- rows: one
SELECT coalesce((SELECT latest FROM sim_state), -1) AS latest
