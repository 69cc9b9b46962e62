-- What members are told: who likes their posts, comments on them, mentions or
-- follows them, asks to, or lets them.
--
-- A row is written by the statement that does what it tells of, and is what
-- has been told: once for each like, comment, mention and follower.  Whether it
-- is shown is visible_notification's to say: while what it tells of is there,
-- and its reader may see it.  What is undone before it was read goes from the
-- table with it, so that nobody is called for nothing; what was read before
-- stays, out of sight, so that liking anew tells nobody anew.  Rows of more
-- than 90 days ago go (notification_thin).
CREATE TABLE notification (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	kind       text NOT NULL,
	actor_id   bigint NOT NULL REFERENCES account ON DELETE CASCADE,
	post_id    bigint REFERENCES post ON DELETE CASCADE,
	comment_id bigint REFERENCES comment ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT notification_once UNIQUE NULLS NOT DISTINCT
		(post_id, actor_id, account_id, kind, comment_id),
	CONSTRAINT notification_not_of_oneself CHECK (account_id <> actor_id),
	CONSTRAINT notification_subject CHECK (CASE kind
		WHEN 'like' THEN post_id IS NOT NULL AND comment_id IS NULL
		WHEN 'comment' THEN post_id IS NOT NULL AND comment_id IS NOT NULL
		WHEN 'mention' THEN post_id IS NOT NULL
		WHEN 'follow' THEN post_id IS NULL AND comment_id IS NULL
		WHEN 'request' THEN post_id IS NULL AND comment_id IS NULL
		WHEN 'accept' THEN post_id IS NULL AND comment_id IS NULL
		ELSE false END)
);
CREATE INDEX notification_account ON notification (account_id, id DESC);
CREATE INDEX notification_actor ON notification (actor_id);
CREATE INDEX notification_comment ON notification (comment_id)
	WHERE comment_id IS NOT NULL;

-- How far an account has read, and how many notifications have come since:
-- what every page shows, without counting.  The triggers keep `unread` right
-- whoever writes, and a row is locked in the order of accounts.
CREATE TABLE inbox (
	account_id bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
	read_to  bigint NOT NULL DEFAULT 0,
	unread     bigint NOT NULL DEFAULT 0
		CONSTRAINT inbox_unread_count CHECK (unread >= 0)
) WITH (fillfactor = 50);

CREATE FUNCTION notification_come() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO inbox AS i (account_id, unread)
	SELECT account_id, count(*) FROM changed
	GROUP BY account_id ORDER BY account_id
	ON CONFLICT (account_id) DO UPDATE SET unread = i.unread
		+ (SELECT count(*) FROM changed c
			WHERE c.account_id = i.account_id AND c.id > i.read_to);
	RETURN NULL;
END $$;

-- Locked by a statement of its own: the next one sees how far was read.
CREATE FUNCTION notification_gone() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM FROM inbox
	WHERE account_id IN (SELECT account_id FROM changed)
	ORDER BY account_id FOR UPDATE;
	UPDATE inbox i SET unread = i.unread - c.count
	FROM (SELECT g.account_id, count(*)
		FROM changed g JOIN inbox b ON b.account_id = g.account_id
		WHERE g.id > b.read_to
		GROUP BY g.account_id) c
	WHERE i.account_id = c.account_id;
	RETURN NULL;
END $$;

CREATE TRIGGER notification_come AFTER INSERT ON notification
	REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION notification_come();
CREATE TRIGGER notification_gone AFTER DELETE ON notification
	REFERENCING OLD TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION notification_gone();

CREATE VIEW visible_notification AS
	SELECT * FROM notification n
	WHERE NOT EXISTS (SELECT FROM account s
			WHERE s.id = n.actor_id AND s.suspended_at IS NOT NULL)
		AND (n.post_id IS NULL OR EXISTS (SELECT FROM visible_post p
			WHERE p.id = n.post_id))
		AND (n.comment_id IS NULL OR EXISTS (SELECT
			FROM visible_comment c WHERE c.id = n.comment_id))
		AND CASE n.kind
			WHEN 'like' THEN EXISTS (SELECT FROM liking l
				WHERE l.post_id = n.post_id
				AND l.account_id = n.actor_id)
			WHEN 'follow' THEN EXISTS (SELECT FROM follow f
				WHERE f.follower_id = n.actor_id
				AND f.followed_id = n.account_id)
			WHEN 'request' THEN EXISTS (SELECT FROM follow_request r
				WHERE r.follower_id = n.actor_id
				AND r.followed_id = n.account_id)
			WHEN 'accept' THEN EXISTS (SELECT FROM follow f
				WHERE f.follower_id = n.account_id
				AND f.followed_id = n.actor_id)
			ELSE true END;
