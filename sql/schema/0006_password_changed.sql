-- When the password was last changed: a login that had checked the one before
-- begins no session afterwards.
ALTER TABLE account
	ADD COLUMN password_changed_at timestamptz NOT NULL DEFAULT now();
UPDATE account SET password_changed_at = created_at;
