-- The notes of the incidents of incident_list, newest first.
-- row: note
-- out: incident int, at when, body str
-- rows: many
SELECT n.incident_id AS incident, n.at, n.body
FROM incident_note n JOIN incident i ON i.id = n.incident_id
WHERE i.ended_at IS NULL OR i.ended_at > now() - interval '90 days'
ORDER BY n.id DESC
LIMIT 500
