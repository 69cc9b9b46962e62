-- Fills a site for tools/bench: 10,000 people, 200,000 posts, close to a
-- million follows, likes and comments, as the site's own statements leave
-- them.  :member is the account whose home timeline is measured.  Home
-- timelines are filled for it and for 500 others.
SELECT setseed(0.5);

INSERT INTO account (name, email, display, password_hash, consent_version)
SELECT 'person_' || g, 'person_' || g || '@example.org', 'Person ' || g,
	'none', '1'
FROM generate_series(1, 10000) g;

CREATE TEMP TABLE people AS
SELECT id, row_number() OVER (ORDER BY id) AS n FROM account
WHERE name LIKE 'person\_%';
CREATE UNIQUE INDEX ON people (n);

WITH drawn AS MATERIALIZED (
	SELECT g, 1 + floor(random() * 10000)::bigint AS n
	FROM generate_series(1, 200000) g
)
INSERT INTO post (account_id, caption, created_at, images, cover_key,
	cover_width, cover_height, cover_m_width, cover_alt, cover_colour)
SELECT p.id, 'The ' || g || 'th light of the day, seen from the pier #light'
		|| ' #sea' || g % 50 || ' with @person_' || g % 10000 + 1,
	now() - (200000 - g) * interval '1 minute', 1,
	left(translate(md5(g::text), '0189', 'wxyz'), 26), 1600, 1067, 640,
	'A pier in the evening', g % 64
FROM drawn JOIN people p USING (n)
ORDER BY g;

INSERT INTO image (post_id, place, key, width, height, m_width, alt, colour)
SELECT id, 1, cover_key, 1600, 1067, 640, cover_alt, cover_colour
FROM post WHERE cover_alt = 'A pier in the evening';

-- Whom one follows is long-tailed: a few people have many followers.
WITH drawn AS MATERIALIZED (
	SELECT a.id, 1 + floor(power(random(), 3) * 9999)::bigint AS n
	FROM (SELECT id FROM people UNION ALL SELECT :member) a,
		generate_series(1, 100)
)
INSERT INTO follow (follower_id, followed_id)
SELECT d.id, p.id FROM drawn d JOIN people p USING (n)
WHERE d.id <> p.id
ON CONFLICT DO NOTHING;

WITH drawn AS MATERIALIZED (
	SELECT p.id AS post_id, 1 + floor(random() * 10000)::bigint AS n
	FROM post p, generate_series(1, 5)
)
INSERT INTO liking (post_id, account_id)
SELECT d.post_id, p.id FROM drawn d JOIN people p USING (n)
ON CONFLICT DO NOTHING;

WITH drawn AS MATERIALIZED (
	SELECT p.id AS post_id, 1 + floor(random() * 10000)::bigint AS n
	FROM post p
)
INSERT INTO comment (post_id, account_id, body)
SELECT d.post_id, p.id, 'What a light!' FROM drawn d JOIN people p USING (n);

INSERT INTO feed (account_id, post_id, author_id)
SELECT f.follower_id, p.id, p.account_id
FROM follow f JOIN post p ON p.account_id = f.followed_id
WHERE f.follower_id = :member
	OR f.follower_id IN (SELECT id FROM people WHERE n <= 500)
ON CONFLICT DO NOTHING;

UPDATE post p SET likes = l.n FROM
	(SELECT post_id, count(*) AS n FROM liking GROUP BY post_id) l
WHERE l.post_id = p.id;
UPDATE post SET comments = 1;
UPDATE account a SET posts = c.n FROM
	(SELECT account_id, count(*) AS n FROM post GROUP BY account_id) c
WHERE c.account_id = a.id;
UPDATE account a SET followers = c.n FROM
	(SELECT followed_id, count(*) AS n FROM follow GROUP BY followed_id) c
WHERE c.followed_id = a.id;
VACUUM ANALYZE account, post, image, follow, liking, comment, feed;
