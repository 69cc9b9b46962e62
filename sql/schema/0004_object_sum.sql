-- Size and SHA-256 of what was put into the object store, by which
-- `pixlpixctl fsck --deep` finds damage.  Written when the object is durable
-- and before a row names it; an object without a row here has none known.
CREATE TABLE object_sum (
	object text COLLATE "C" PRIMARY KEY,
	bytes  bigint NOT NULL CHECK (bytes >= 0),
	sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
