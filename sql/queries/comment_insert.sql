-- A comment on a post that the viewer may see; the same form with the same
-- text again changes nothing, and with another (somebody went back in the
-- browser) it is another comment.  Tells the owner of the post, and who is
-- mentioned (lower case) and may see it.  No row where there is no such post.
-- in: account int, post int, body str, form_key str, mentions strs
-- out: post int
-- rows: one
WITH target AS (
	SELECT id FROM visible_post WHERE id = :post
), author AS (
	SELECT id FROM account
	WHERE id = :account AND suspended_at IS NULL
	FOR KEY SHARE
), made AS (
	INSERT INTO comment (post_id, account_id, body, form_key)
	SELECT t.id, a.id, :body, :form_key || md5(t.id || ' ' || :body)
	FROM target t, author a
	ON CONFLICT ON CONSTRAINT comment_form_key_unique DO NOTHING
	RETURNING id, post_id
), counted AS (
	UPDATE post p SET comments = comments + 1 FROM made
	WHERE p.id = made.post_id
	RETURNING p.id, p.account_id, p.deleted_at, made.id AS comment_id
), told AS (
	INSERT INTO notification
		(account_id, kind, actor_id, post_id, comment_id)
	SELECT a.id, CASE a.id WHEN c.account_id THEN 'comment'
		ELSE 'mention' END, :account, c.id, c.comment_id
	FROM counted c, LATERAL (
		SELECT c.account_id AS id
		UNION
		SELECT m.id FROM account m, account o
		WHERE m.name_key = ANY (:mentions) AND o.id = c.account_id
			AND (NOT o.is_private OR EXISTS (SELECT FROM follow f
				WHERE f.follower_id = m.id
				AND f.followed_id = o.id))
	) r
	JOIN account a ON a.id = r.id
	WHERE c.deleted_at IS NULL AND a.id <> :account
		AND a.suspended_at IS NULL AND NOT a.is_simulated
)
SELECT t.id AS post FROM target t, author
