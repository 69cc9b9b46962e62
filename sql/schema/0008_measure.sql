-- How large the site was, hour by hour: what pixlpix-jobs has counted last in
-- each hour.  Kept for good (9,000 rows a year), so that growth can be seen.
--
-- A table of more than a million rows is not counted but estimated, by what
-- PostgreSQL knows of it (pg_class.reltuples).  `active_day` and `active_week`
-- are the people with a login or a token that was used in the last day and
-- week; who has logged out is not among them.
CREATE TABLE measure (
	hour        timestamptz PRIMARY KEY,
	counted_at  timestamptz NOT NULL,
	accounts    bigint NOT NULL,
	posts       bigint NOT NULL,
	images      bigint NOT NULL,
	comments    bigint NOT NULL,
	likes       bigint NOT NULL,
	follows     bigint NOT NULL,
	sessions    bigint NOT NULL,
	tokens      bigint NOT NULL,
	active_day  bigint NOT NULL,
	active_week bigint NOT NULL,
	bytes       bigint NOT NULL -- of all objects with a known sum
);
