-- What there is of an image beside its JPEGs: WebP, the original without its
-- metadata, and camera data where the owner wants it shown.

-- Sizes that have WebP: 1 large, 2 middle, 4 square.  `original` is the file
-- name's end of what was sent ("jpg"), empty where it was not kept.
ALTER TABLE image
	ADD COLUMN webp     bigint NOT NULL DEFAULT 0,
	ADD COLUMN original text NOT NULL DEFAULT '',
	ADD COLUMN camera   text NOT NULL DEFAULT '';

ALTER TABLE post ADD COLUMN cover_webp bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE VIEW visible_post AS
	SELECT * FROM post WHERE deleted_at IS NULL;

-- Jobs that nobody waits for come behind all others: a higher rank is later.
ALTER TABLE job ADD COLUMN rank bigint NOT NULL DEFAULT 0;
DROP INDEX job_ready;
CREATE INDEX job_ready ON job (rank, run_at, id) WHERE failed_at IS NULL;
