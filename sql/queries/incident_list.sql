-- The incidents that the status page tells about: those that go on, and those
-- of the last 90 days; newest first.
-- row: incident
-- out: id int, title str, severity str, began when, ended when?
-- rows: many
SELECT id, title, severity, began_at AS began, ended_at AS ended
FROM incident
WHERE ended_at IS NULL OR ended_at > now() - interval '90 days'
ORDER BY ended_at IS NOT NULL, began_at DESC, id DESC
LIMIT 50
