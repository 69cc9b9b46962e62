-- Tokens that may do what moderators do, where their account may.
ALTER TABLE token ADD COLUMN can_moderate boolean NOT NULL DEFAULT false;
