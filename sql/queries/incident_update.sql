-- What an incident is and when it was, and a further note where there is one;
-- the same form again changes nothing.
-- in: incident int, title str, severity str, began when, ended when?, body str, author int, form_key str
-- out: id int
-- rows: one
WITH changed AS (
	UPDATE incident SET title = :title, severity = :severity,
		began_at = :began, ended_at = :ended
	WHERE id = :incident
	RETURNING id
), noted AS (
	INSERT INTO incident_note (incident_id, body, author_id, form_key)
	SELECT id, :body, :author, :form_key FROM changed WHERE :body <> ''
	ON CONFLICT ON CONSTRAINT incident_note_form_key_unique DO NOTHING
)
SELECT id FROM changed
