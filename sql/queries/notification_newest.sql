-- The newest of what the viewer has been told, shown or not; 0 for nothing.
-- out: id int
-- rows: one
SELECT coalesce(max(id), 0) AS id FROM notification
WHERE account_id = (SELECT viewer())
