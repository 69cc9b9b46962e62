-- The rest of a feed_fill, behind the follower `last`.
-- in: post int, last str
-- rows: none
INSERT INTO job (kind, subject, detail) VALUES ('feed_fill', :post, :last)
