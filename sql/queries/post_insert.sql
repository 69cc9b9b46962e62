-- A new post with its images (parallel lists, the first is the cover) and
-- hashtags (lower case, unique), put into the author's own home timeline and
-- into those of the followers where these are not more than `fan_out`; for
-- more it leaves a job.  Tells who is mentioned (lower case) and may see it.
-- Originals that were kept wait for their WebP.  No row
-- where the account is suspended, or not (any more) private as the images were
-- put away.  After account_lock, in the same transaction.
-- in: account int, is_private bool, caption str, form_key str, keys strs, widths ints, heights ints, m_widths ints, alts strs, colours ints, originals strs, cameras strs, tags strs, mentions strs, fan_out int
-- out: id int
-- rows: maybe
WITH author AS (
	UPDATE account SET posts = posts + 1
	WHERE id = :account AND suspended_at IS NULL
		AND is_private = :is_private
	RETURNING id, followers
), made AS (
	INSERT INTO post (account_id, caption, form_key, images, cover_key,
		cover_width, cover_height, cover_m_width, cover_alt,
		cover_colour)
	SELECT id, :caption, :form_key, cardinality(:keys), (:keys)[1],
		coalesce((:widths)[1], 0), coalesce((:heights)[1], 0),
		coalesce((:m_widths)[1], 0), coalesce((:alts)[1], ''),
		coalesce((:colours)[1], 0)
	FROM author
	RETURNING id
), pictured AS (
	INSERT INTO image (post_id, place, key, width, height, m_width, alt,
		colour, original, camera)
	SELECT made.id, u.place, u.key, u.width, u.height, u.m_width, u.alt,
		u.colour, u.original, u.camera
	FROM made, unnest(:keys, :widths, :heights, :m_widths, :alts, :colours,
		:originals, :cameras)
		WITH ORDINALITY AS u (key, width, height, m_width, alt, colour,
		original, camera, place)
	RETURNING post_id, key, original
), converted AS (
	INSERT INTO job (kind, subject, detail, rank)
	SELECT 'image_webp', post_id, key, 1 FROM pictured WHERE original <> ''
), tagged AS (
	INSERT INTO post_tag (tag, post_id)
	SELECT DISTINCT normalize(t.tag), made.id
	FROM made, unnest(:tags) AS t (tag)
), fed AS (
	INSERT INTO feed (account_id, post_id, author_id)
	SELECT r.id, made.id, :account
	FROM made, (
		SELECT id FROM author
		UNION ALL
		SELECT f.follower_id FROM follow f, author
		WHERE f.followed_id = author.id AND author.followers <= :fan_out
	) r (id)
), told AS (
	INSERT INTO notification (account_id, kind, actor_id, post_id)
	SELECT a.id, 'mention', :account, made.id
	FROM made, account a
	WHERE a.name_key = ANY (:mentions) AND a.id <> :account
		AND a.suspended_at IS NULL AND NOT a.is_simulated
		AND (NOT :is_private OR EXISTS (SELECT FROM follow f
			WHERE f.follower_id = a.id AND f.followed_id = :account))
), queued AS (
	INSERT INTO job (kind, subject)
	SELECT 'feed_fill', made.id FROM made, author
	WHERE author.followers > :fan_out
)
SELECT id FROM made
