-- A schema for the tests of the store alone.
CREATE TABLE owner (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL
);

CREATE TABLE thing (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	owner_id bigint CONSTRAINT thing_owner REFERENCES owner (id),
	name text NOT NULL CONSTRAINT thing_name_unique UNIQUE,
	note text,
	data bytea,
	at timestamptz,
	small smallint CONSTRAINT thing_small CHECK (small < 100),
	is_good boolean NOT NULL DEFAULT false,
	rank integer CONSTRAINT thing_rank_unique
		UNIQUE DEFERRABLE INITIALLY DEFERRED
);
