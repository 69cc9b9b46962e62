-- Links by which somebody who has forgotten their password sets a new one.
--
-- Only the SHA-256 of what the link holds is kept.  An account has at most one:
-- a new link is the end of the one before, and so is its use.
CREATE TABLE reset_link (
	account_id bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
	token_hash bytea NOT NULL,
	made_at    timestamptz NOT NULL DEFAULT now(),
	ends_at    timestamptz NOT NULL,
	CONSTRAINT reset_link_token_hash_unique UNIQUE (token_hash)
);
