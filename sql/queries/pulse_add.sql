-- One more look at how a machine is doing, into the row of the minute that is
-- running.  Empty lists are what could not be seen; without `responses` there
-- was no pixlpix-web.
-- in: host str, seconds int, responses ints, requests ints, database ints, store ints, decoder ints, hash ints, web_cpu_us int, jobs_cpu_us int, web_bytes int, jobs_bytes int, load int, disk_free int
-- rows: none
INSERT INTO pulse AS p (grain, at, host, seconds, responses, requests, database,
	store, decoder, hash, web_cpu_us, jobs_cpu_us, web_bytes, jobs_bytes,
	load, disk_free)
VALUES (60, date_trunc('minute', now()), :host, :seconds,
	nullif(:responses, '{}'), nullif(:requests, '{}'),
	nullif(:database, '{}'), nullif(:store, '{}'), nullif(:decoder, '{}'),
	nullif(:hash, '{}'),
	CASE WHEN cardinality(:responses) > 0 THEN :web_cpu_us END,
	:jobs_cpu_us,
	CASE WHEN cardinality(:responses) > 0 THEN :web_bytes END,
	:jobs_bytes, :load, :disk_free)
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
