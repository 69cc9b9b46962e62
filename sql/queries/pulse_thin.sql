-- Makes rows of `fine` seconds into such of `coarse` where all of the coarser
-- one's time is more than `hours` ago.
-- in: fine int, coarse int, hours int
-- rows: none
WITH old AS (
	DELETE FROM pulse WHERE grain = :fine AND at < date_bin(
		:coarse * interval '1 second',
		now() - :hours * interval '1 hour', 'epoch')
	RETURNING *
)
INSERT INTO pulse AS p (grain, at, host, seconds, responses, requests, database,
	store, decoder, hash, web_cpu_us, jobs_cpu_us, web_bytes, jobs_bytes,
	load, disk_free)
SELECT :coarse::bigint,
	date_bin(:coarse * interval '1 second', at, 'epoch') AS bin, host,
	sum(seconds)::bigint, cells_sum(responses), cells_sum(requests),
	cells_sum(database), cells_sum(store), cells_sum(decoder),
	cells_sum(hash), sum(web_cpu_us)::bigint, sum(jobs_cpu_us)::bigint,
	max(web_bytes), max(jobs_bytes),
	(sum(load * seconds) / sum(seconds))::bigint, min(disk_free)
FROM old GROUP BY bin, host
ON CONFLICT (grain, at, host) DO UPDATE SET
	seconds = p.seconds + excluded.seconds,
	responses = coalesce(cells_add(p.responses, excluded.responses),
		p.responses, excluded.responses),
	requests = coalesce(cells_add(p.requests, excluded.requests),
		p.requests, excluded.requests),
	database = coalesce(cells_add(p.database, excluded.database),
		p.database, excluded.database),
	store = coalesce(cells_add(p.store, excluded.store),
		p.store, excluded.store),
	decoder = coalesce(cells_add(p.decoder, excluded.decoder),
		p.decoder, excluded.decoder),
	hash = coalesce(cells_add(p.hash, excluded.hash),
		p.hash, excluded.hash),
	web_cpu_us = coalesce(p.web_cpu_us + excluded.web_cpu_us,
		p.web_cpu_us, excluded.web_cpu_us),
	jobs_cpu_us = p.jobs_cpu_us + excluded.jobs_cpu_us,
	web_bytes = greatest(p.web_bytes, excluded.web_bytes),
	jobs_bytes = greatest(p.jobs_bytes, excluded.jobs_bytes),
	load = (p.load * p.seconds + excluded.load * excluded.seconds)
		/ (p.seconds + excluded.seconds),
	disk_free = least(p.disk_free, excluded.disk_free)
