-- Searching by beginnings reads an index, a hashtag is the same in either
-- Unicode form, and no counter falls below zero.
--
-- pg_trgm is a trusted extension: the owner of the database may make it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX account_name_prefix ON account (name_key text_pattern_ops);
CREATE INDEX account_display_words ON account
	USING gin (lower(display) gin_trgm_ops);
CREATE INDEX post_tag_prefix ON post_tag (tag text_pattern_ops, post_id);

INSERT INTO post_tag (tag, post_id)
SELECT normalize(tag), post_id FROM post_tag WHERE tag IS NOT NFC NORMALIZED
ON CONFLICT DO NOTHING;
DELETE FROM post_tag WHERE tag IS NOT NFC NORMALIZED;

UPDATE account SET posts = greatest(posts, 0),
	followers = greatest(followers, 0), following = greatest(following, 0)
WHERE least(posts, followers, following) < 0;
ALTER TABLE account ADD CONSTRAINT account_counts
	CHECK (least(posts, followers, following) >= 0);
UPDATE post SET likes = greatest(likes, 0), comments = greatest(comments, 0)
WHERE least(likes, comments) < 0;
ALTER TABLE post ADD CONSTRAINT post_counts
	CHECK (least(likes, comments, images) >= 0);
