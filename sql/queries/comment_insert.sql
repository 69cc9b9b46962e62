-- A comment on a post that the viewer may see; the same form with the same
-- text again changes nothing, and with another (somebody went back in the
-- browser) it is another comment.  No row where there is no such post.
-- in: account int, post int, body str, form_key str
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
)
SELECT t.id AS post FROM target t, author
