-- A login has succeeded: the failures before it, from the same network, are
-- forgotten.
-- in: who str, network str
-- rows: none
DELETE FROM login_failure WHERE name_key = lower(:who) AND network = :network
