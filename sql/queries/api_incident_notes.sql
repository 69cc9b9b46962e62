-- The notes of one incident, newest first.
-- in: incident int
-- row: note
-- out: incident int, at when, body str
-- rows: many
SELECT incident_id AS incident, at, body FROM incident_note
WHERE incident_id = :incident
ORDER BY id DESC
LIMIT 500
