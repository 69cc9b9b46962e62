-- Remembers the simulator's newest command.  It is not waited for until that
-- is on the disk: after a power cut the one before may be told.
-- in: latest int
-- rows: none
INSERT INTO sim_state (latest)
SELECT :latest FROM set_config('synchronous_commit', 'off', true)
ON CONFLICT (is_one) DO UPDATE SET latest = excluded.latest
