-- What programs log in with, in the name of an account.
--
-- Only the SHA-256 of a token is kept, as of sessions.  The calls of the
-- minute that is running are counted here, so that the limit is the same for
-- all workers.
CREATE TABLE token (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	name       text NOT NULL,
	token_hash bytea NOT NULL,
	can_read   boolean NOT NULL,
	can_write  boolean NOT NULL,
	can_upload boolean NOT NULL,
	form_key   text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	used_at    timestamptz,
	minute_at  timestamptz NOT NULL DEFAULT now(),
	calls      bigint NOT NULL DEFAULT 0,
	CONSTRAINT token_hash_unique UNIQUE (token_hash),
	CONSTRAINT token_form_key_unique UNIQUE (account_id, form_key)
);
