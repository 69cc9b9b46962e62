-- For the migration that has begun: how long it waits for a table.  Whoever
-- comes after it waits behind it.
-- rows: none
SET LOCAL lock_timeout = '2s'
