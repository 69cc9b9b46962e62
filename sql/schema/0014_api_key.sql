-- What a program has sent with an idempotency key of its own, so that the key
-- with something else is found out (`request` is a digest).  Kept for two days.
CREATE TABLE api_key (
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	key        text NOT NULL,
	request    text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (account_id, key)
);
