-- How often an account has done something in the hour that began at `hour`
-- (limits.posts_per_hour and its kin).  One row an account and kind.
CREATE TABLE action_count (
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	kind       text NOT NULL,
	hour       timestamptz NOT NULL,
	count      bigint NOT NULL CHECK (count >= 0),
	PRIMARY KEY (account_id, kind)
);
