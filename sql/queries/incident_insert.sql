-- A new incident with its first note; the same form again gives the one that
-- it made.
-- in: title str, severity str, began when, ended when?, body str, author int, form_key str
-- out: id int
-- rows: one
WITH made AS (
	INSERT INTO incident (title, severity, began_at, ended_at, form_key)
	VALUES (:title, :severity, :began, :ended, :form_key)
	ON CONFLICT ON CONSTRAINT incident_form_key_unique DO NOTHING
	RETURNING id
), noted AS (
	INSERT INTO incident_note (incident_id, body, author_id, form_key)
	SELECT id, :body, :author, :form_key FROM made
)
SELECT id FROM made
UNION ALL
SELECT id FROM incident WHERE form_key = :form_key
LIMIT 1
