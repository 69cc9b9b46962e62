-- Private accounts: what they post is for their followers, and whoever wants
-- to follow them asks.
--
-- `is_moving`: the images of the account are on their way between the spaces
-- of the object store, since it has become private or public; until they have
-- arrived (domain/reach.h) pages name the address of a worker, which finds
-- them in either.
ALTER TABLE account
	ADD COLUMN is_private boolean NOT NULL DEFAULT false,
	ADD COLUMN is_moving boolean NOT NULL DEFAULT false,
	ADD CONSTRAINT account_simulated_public
		CHECK (NOT (is_simulated AND is_private));

-- Few are: looking whether one is costs next to nothing.
CREATE INDEX account_closed ON account (id)
	WHERE suspended_at IS NOT NULL OR is_private;
CREATE INDEX account_guarded ON account (id) WHERE is_private OR is_moving;

-- Who waits for the owner of a private account to say yes.
CREATE TABLE follow_request (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	follower_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	followed_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	created_at  timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT follow_request_once UNIQUE (follower_id, followed_id),
	CONSTRAINT follow_request_not_oneself CHECK (follower_id <> followed_id)
);
CREATE INDEX follow_request_followed ON follow_request (followed_id, id DESC);

-- The accounts whose posts and lists of people the viewer may not see.  For
-- moderators there is no other rule: they suspend an account that they are
-- told of, and see what it has posted where it has let them follow it.
CREATE VIEW closed_account AS
	SELECT s.id FROM account s
	WHERE s.suspended_at IS NOT NULL
		OR (s.is_private AND s.id IS DISTINCT FROM (SELECT viewer())
			AND NOT EXISTS (SELECT FROM follow f
				WHERE f.follower_id = (SELECT viewer())
				AND f.followed_id = s.id));

CREATE OR REPLACE VIEW visible_post AS
	SELECT * FROM post p
	WHERE p.deleted_at IS NULL
		AND NOT EXISTS (SELECT FROM closed_account c
			WHERE c.id = p.account_id);

-- The accounts whose images are not, or not all, in public space.
CREATE VIEW guarded_account AS
	SELECT id FROM account WHERE is_private OR is_moving;
