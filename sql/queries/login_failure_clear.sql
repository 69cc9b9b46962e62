-- A login has succeeded: the failures before it are forgotten.
-- in: who str
-- rows: none
DELETE FROM login_failure WHERE name_key = lower(:who)
