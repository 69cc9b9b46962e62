-- Each run of `pixlpixctl backup`, for whoever looks after the site.  It tells
-- about this machine, so that a backup does not contain it.
CREATE TABLE backup_run (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	folder     text NOT NULL,
	started_at timestamptz NOT NULL DEFAULT now(),
	ended_at   timestamptz,
	is_good    boolean NOT NULL DEFAULT false,
	objects    bigint NOT NULL DEFAULT 0,
	bytes      bigint NOT NULL DEFAULT 0,
	message    text NOT NULL DEFAULT ''
);
