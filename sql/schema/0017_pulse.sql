-- How each machine of the site was doing: what pixlpix-jobs has seen of the
-- programs there.  A row tells of the `grain` seconds that begin with `at`:
-- minutes at first, which become ten minutes, hours, days as they grow old
-- (sql/queries/pulse_thin.sql; some 2,000 rows a machine, and 366 a year), so
-- that whoever draws them must not count on one grain.
--
-- Times are kept as the cells of the histograms that base/metrics.h has, which
-- can be added up without losing any quantile.  What nobody could see is NULL,
-- not 0: pixlpix-web did not run.
CREATE TABLE pulse (
	grain       bigint NOT NULL,
	at          timestamptz NOT NULL,
	host        text NOT NULL,
	seconds     bigint NOT NULL CHECK (seconds > 0), -- that were watched
	responses   bigint[], -- by status / 100, from 0 to 5
	requests    bigint[], -- how long they took
	database    bigint[],
	store       bigint[],
	decoder     bigint[],
	hash        bigint[],
	web_cpu_us  bigint,
	jobs_cpu_us bigint NOT NULL,
	web_bytes   bigint, -- of memory; the most of it
	jobs_bytes  bigint NOT NULL,
	load        bigint NOT NULL, -- of the machine, in hundredths; the mean
	disk_free   bigint NOT NULL, -- bytes; the least of it
	PRIMARY KEY (grain, at, host)
);

-- Cell by cell; a version with more of them has them at the end.
CREATE FUNCTION cells_add(a bigint[], b bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT array_agg(coalesce(x, 0) + coalesce(y, 0) ORDER BY place)
	FROM unnest(a, b) WITH ORDINALITY AS pair (x, y, place) $$;

-- NULL where there was nothing but NULL.
CREATE AGGREGATE cells_sum(bigint[]) (
	SFUNC = cells_add, STYPE = bigint[], PARALLEL = SAFE);
