-- One more look at how a machine is doing: what it saw of the seconds before,
-- about a minute.  Empty lists are what could not be seen; without `responses`
-- there was no pixlpix-web.
-- in: host str, seconds int, responses ints, requests ints, database ints, store ints, decoder ints, hash ints, web_cpu_us int, jobs_cpu_us int, web_bytes int, jobs_bytes int, load int, disk_free int
-- rows: none
INSERT INTO pulse (grain, at, host, seconds, responses, requests, database,
	store, decoder, hash, web_cpu_us, jobs_cpu_us, web_bytes, jobs_bytes,
	load, disk_free)
VALUES (60, now() - :seconds * interval '1 second', :host, :seconds,
	nullif(:responses, '{}'), nullif(:requests, '{}'),
	nullif(:database, '{}'), nullif(:store, '{}'), nullif(:decoder, '{}'),
	nullif(:hash, '{}'),
	CASE WHEN cardinality(:responses) > 0 THEN :web_cpu_us END,
	:jobs_cpu_us,
	CASE WHEN cardinality(:responses) > 0 THEN :web_bytes END,
	:jobs_bytes, :load, :disk_free)
