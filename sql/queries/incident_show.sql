-- One incident.
-- in: incident int
-- row: incident
-- out: id int, title str, severity str, began when, ended when?
-- rows: one
SELECT id, title, severity, began_at AS began, ended_at AS ended
FROM incident WHERE id = :incident
