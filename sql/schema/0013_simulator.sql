-- Accounts and messages of the simulator's interface.  Its accounts may have
-- any e-mail address, also one that somebody has already: with such an address
-- nobody logs in.
ALTER TABLE account ADD COLUMN is_simulated boolean NOT NULL DEFAULT false;
ALTER TABLE account DROP CONSTRAINT account_email_unique;
CREATE UNIQUE INDEX account_email_unique ON account (email_key)
	WHERE NOT is_simulated;

-- A message is a post without an image.
CREATE INDEX post_message ON post (id DESC)
	WHERE images = 0 AND deleted_at IS NULL;

-- The newest command that the simulator has named; one row.
CREATE TABLE sim_state (
	is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
	latest bigint NOT NULL
);
