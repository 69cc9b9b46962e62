-- Roles, suspensions, and a record of what moderators and admins have done.
ALTER TABLE account
	ADD COLUMN role text NOT NULL DEFAULT 'member'
		CONSTRAINT account_role_known
		CHECK (role IN ('member', 'moderator', 'admin')),
	ADD COLUMN suspended_at timestamptz,
	ADD COLUMN suspended_because text NOT NULL DEFAULT '';

-- Few are suspended: looking whether one is costs next to nothing.
CREATE INDEX account_suspended ON account (id) WHERE suspended_at IS NOT NULL;
CREATE INDEX account_staff ON account (id) WHERE role <> 'member';

-- What a suspended account has posted or written is nobody's to see.  Its
-- comments do not count while it is suspended (account_suspend, account_lift).
CREATE OR REPLACE VIEW visible_post AS
	SELECT * FROM post p
	WHERE p.deleted_at IS NULL AND NOT EXISTS (SELECT FROM account s
		WHERE s.id = p.account_id AND s.suspended_at IS NOT NULL);

CREATE OR REPLACE VIEW visible_comment AS
	SELECT c.* FROM comment c
	JOIN visible_post p ON p.id = c.post_id
	WHERE c.deleted_at IS NULL AND NOT EXISTS (SELECT FROM account s
		WHERE s.id = c.account_id AND s.suspended_at IS NOT NULL);

-- `actor` is who did it, NULL for the sysadmin's shell.
CREATE TABLE moderation (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at         timestamptz NOT NULL DEFAULT now(),
	actor_id   bigint REFERENCES account ON DELETE SET NULL,
	what       text NOT NULL,
	account_id bigint REFERENCES account ON DELETE SET NULL,
	post_id    bigint,
	comment_id bigint,
	reason     text NOT NULL DEFAULT ''
);
CREATE INDEX moderation_account ON moderation (account_id);
CREATE INDEX moderation_actor ON moderation (actor_id);
