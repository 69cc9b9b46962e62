-- Which of these posts the viewer has saved.
-- in: posts ints
-- out: post int
-- rows: many
SELECT post_id AS post FROM bookmark
WHERE account_id = (SELECT viewer()) AND post_id = ANY (:posts)
