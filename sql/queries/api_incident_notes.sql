-- The notes of one incident, newest first.
-- in: incident int
-- out: at when, body str
-- rows: many
SELECT at, body FROM incident_note WHERE incident_id = :incident
ORDER BY id DESC
LIMIT 500
