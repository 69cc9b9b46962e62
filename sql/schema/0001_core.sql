-- Accounts, sessions, posts and what people do with them.
--
-- Every list that a visitor sees reads visible_post and visible_comment, so
-- that one rule decides who may see what.  Counters (likes, posts, ...) stand
-- in the rows that show them and change in the transaction that changes what
-- they count.

-- Who is looking: set for one transaction by the statement that finds the
-- session; NULL for a stranger, and wherever nobody has set it.
CREATE FUNCTION viewer() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('pixlpix.viewer', true), '')::bigint $$;

CREATE TABLE account (
	id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name            text NOT NULL,
	name_key        text GENERATED ALWAYS AS (lower(name)) STORED,
	email           text NOT NULL,
	email_key       text GENERATED ALWAYS AS (lower(email)) STORED,
	display         text NOT NULL,
	bio             text NOT NULL DEFAULT '',
	password_hash   text NOT NULL,
	picture_key     text,
	consent_version text NOT NULL,
	consent_at      timestamptz NOT NULL DEFAULT now(),
	created_at      timestamptz NOT NULL DEFAULT now(),
	form_key        text,
	posts           bigint NOT NULL DEFAULT 0,
	followers       bigint NOT NULL DEFAULT 0,
	following       bigint NOT NULL DEFAULT 0,
	CONSTRAINT account_name_unique UNIQUE (name_key),
	CONSTRAINT account_email_unique UNIQUE (email_key),
	CONSTRAINT account_form_key_unique UNIQUE (form_key)
);

CREATE INDEX account_suggest ON account (followers DESC, id DESC)
	WHERE posts > 0;
CREATE INDEX account_picture ON account (picture_key)
	WHERE picture_key IS NOT NULL;

-- Profile pictures of before: out of sight, and erased with the account.
CREATE TABLE former_picture (
	key        text PRIMARY KEY,
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE
);
CREATE INDEX former_picture_account ON former_picture (account_id);

-- Only the SHA-256 of a token is kept: who reads this table cannot log in.
CREATE TABLE session (
	token_hash bytea PRIMARY KEY,
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT now(),
	seen_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_seen ON session (seen_at);

-- Failed logins by the name that was typed, whether or not it exists, and by
-- where they came from; kept for a day.
CREATE TABLE login_failure (
	name_key text NOT NULL,
	network  text NOT NULL,
	at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_failure_name ON login_failure (name_key, at);
CREATE INDEX login_failure_at ON login_failure (at);

-- The cover is the post's first image, repeated here so that a timeline reads
-- one row a post.  A post without images has none.
CREATE TABLE post (
	id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account_id    bigint NOT NULL REFERENCES account,
	caption       text NOT NULL DEFAULT '',
	created_at    timestamptz NOT NULL DEFAULT now(),
	deleted_at    timestamptz,
	form_key      text,
	likes         bigint NOT NULL DEFAULT 0,
	comments      bigint NOT NULL DEFAULT 0,
	images        bigint NOT NULL DEFAULT 0,
	cover_key     text,
	cover_width   bigint NOT NULL DEFAULT 0,
	cover_height  bigint NOT NULL DEFAULT 0,
	cover_m_width bigint NOT NULL DEFAULT 0,
	cover_alt     text NOT NULL DEFAULT '',
	cover_colour  bigint NOT NULL DEFAULT 0,
	CONSTRAINT post_form_key_unique UNIQUE (account_id, form_key)
);
CREATE INDEX post_public ON post (id DESC) WHERE deleted_at IS NULL;
CREATE INDEX post_account ON post (account_id, id DESC)
	WHERE deleted_at IS NULL;

CREATE VIEW visible_post AS
	SELECT * FROM post WHERE deleted_at IS NULL;

-- Width and height are those of the large size.
CREATE TABLE image (
	post_id   bigint NOT NULL REFERENCES post ON DELETE CASCADE,
	place     bigint NOT NULL,
	key       text NOT NULL,
	width     bigint NOT NULL,
	height    bigint NOT NULL,
	m_width   bigint NOT NULL,
	alt       text NOT NULL DEFAULT '',
	colour    bigint NOT NULL,
	PRIMARY KEY (post_id, place),
	CONSTRAINT image_key_unique UNIQUE (key)
);

CREATE TABLE post_tag (
	tag     text NOT NULL,
	post_id bigint NOT NULL REFERENCES post ON DELETE CASCADE,
	PRIMARY KEY (tag, post_id)
);
CREATE INDEX post_tag_post ON post_tag (post_id);

CREATE TABLE comment (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	post_id    bigint NOT NULL REFERENCES post ON DELETE CASCADE,
	account_id bigint NOT NULL REFERENCES account,
	body       text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	deleted_at timestamptz,
	form_key   text,
	CONSTRAINT comment_form_key_unique UNIQUE (account_id, form_key)
);
CREATE INDEX comment_post ON comment (post_id, id DESC)
	WHERE deleted_at IS NULL;

CREATE VIEW visible_comment AS
	SELECT c.* FROM comment c
	JOIN visible_post p ON p.id = c.post_id
	WHERE c.deleted_at IS NULL;

CREATE TABLE liking (
	post_id    bigint NOT NULL REFERENCES post ON DELETE CASCADE,
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (post_id, account_id)
);
CREATE INDEX liking_account ON liking (account_id);

CREATE TABLE follow (
	follower_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	followed_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	created_at  timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (follower_id, followed_id),
	CONSTRAINT follow_not_oneself CHECK (follower_id <> followed_id)
);
CREATE INDEX follow_followed ON follow (followed_id, follower_id);

-- Whose home timeline a post is in, filled when it is posted, so that reading
-- costs everybody the same.  It is derived from post and follow, and so has
-- no foreign keys; what may be seen is decided when it is read.
CREATE TABLE feed (
	account_id bigint NOT NULL,
	post_id    bigint NOT NULL,
	author_id  bigint NOT NULL,
	PRIMARY KEY (account_id, post_id)
);
CREATE INDEX feed_post ON feed (post_id);

-- Work that must happen and need not happen at once.  A job that has used up
-- its tries stays with failed_at set until somebody looks at it.
CREATE TABLE job (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind       text NOT NULL,
	subject    bigint NOT NULL,
	detail     text NOT NULL DEFAULT '',
	run_at     timestamptz NOT NULL DEFAULT now(),
	tries      bigint NOT NULL DEFAULT 0,
	failed_at  timestamptz,
	last_error text NOT NULL DEFAULT ''
);
CREATE INDEX job_ready ON job (run_at, id) WHERE failed_at IS NULL;
CREATE INDEX job_subject ON job (kind, subject);

CREATE FUNCTION job_announce() RETURNS trigger
LANGUAGE plpgsql AS
$$ BEGIN NOTIFY pixlpix_job; RETURN NULL; END $$;
CREATE TRIGGER job_announce AFTER INSERT ON job
	FOR EACH ROW EXECUTE FUNCTION job_announce();
