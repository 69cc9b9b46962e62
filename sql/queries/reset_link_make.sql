-- A link for an account, in the place of the one before.
-- in: account int, token_hash bytes, hours int
-- out: ends when
-- rows: one
INSERT INTO reset_link (account_id, token_hash, ends_at)
VALUES (:account, :token_hash, now() + :hours * interval '1 hour')
ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash,
	made_at = excluded.made_at, ends_at = excluded.ends_at
RETURNING ends_at AS ends
