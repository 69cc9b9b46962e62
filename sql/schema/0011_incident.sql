-- What the status page tells about outages, in the admins' own words.
CREATE TABLE incident (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	title      text NOT NULL,
	severity   text NOT NULL CONSTRAINT incident_severity_known
		CHECK (severity IN ('maintenance', 'degraded', 'outage')),
	began_at   timestamptz NOT NULL,
	ended_at   timestamptz,
	form_key   text NOT NULL,
	CONSTRAINT incident_form_key_unique UNIQUE (form_key),
	CONSTRAINT incident_in_order CHECK (ended_at >= began_at)
);
CREATE INDEX incident_began ON incident (began_at DESC);

CREATE TABLE incident_note (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	incident_id bigint NOT NULL REFERENCES incident ON DELETE CASCADE,
	at          timestamptz NOT NULL DEFAULT now(),
	body        text NOT NULL,
	author_id   bigint REFERENCES account ON DELETE SET NULL,
	form_key    text NOT NULL,
	CONSTRAINT incident_note_form_key_unique UNIQUE (incident_id, form_key)
);
CREATE INDEX incident_note_author ON incident_note (author_id);
