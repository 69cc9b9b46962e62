-- A link for an account, in the place of the one before.  mails: 1 where it
-- was mailed, else 0.
-- in: account int, token_hash bytes, hours int, mails int
-- out: ends when
-- rows: one
INSERT INTO reset_link (account_id, token_hash, ends_at, mails)
VALUES (:account, :token_hash, now() + :hours * interval '1 hour', :mails)
ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash,
	made_at = excluded.made_at, ends_at = excluded.ends_at,
	mails = excluded.mails + CASE
		WHEN reset_link.made_at > now() - interval '1 day'
		THEN reset_link.mails ELSE 0 END
RETURNING ends_at AS ends
