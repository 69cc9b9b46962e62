-- How the site was doing in each `step` seconds of the last `hours`, oldest
-- first, all machines together; a time of which nothing is known has no row.
-- What is counted is told by the minute, in thousandths; processor time in
-- thousandths of a percent of one core; times as the cells of their histogram.
-- What is not known is -1, or NULL.
-- in: step int, hours int
-- out: at when, answered int, refused int, failed int, requests str?, database str?, store str?, decoder str?, hash str?, web_cpu int, jobs_cpu int, web_bytes int, jobs_bytes int, load int, disk_free int
-- rows: many
WITH machine AS (
	SELECT date_bin(:step * interval '1 second', at, 'epoch') AS bin, host,
		sum(seconds) AS seconds, cells_sum(responses) AS responses,
		cells_sum(requests) AS requests,
		cells_sum(database) AS database, cells_sum(store) AS store,
		cells_sum(decoder) AS decoder, cells_sum(hash) AS hash,
		sum(web_cpu_us) AS web_cpu_us, sum(jobs_cpu_us) AS jobs_cpu_us,
		max(web_bytes) AS web_bytes, max(jobs_bytes) AS jobs_bytes,
		sum(load * seconds) / sum(seconds) AS load,
		min(disk_free) AS disk_free
	FROM pulse WHERE at > now() - :hours * interval '1 hour'
	GROUP BY bin, host
)
SELECT bin AS at,
	coalesce(round(sum((responses[3] + responses[4]) * 60000 / seconds)),
		-1)::bigint AS answered,
	coalesce(round(sum(responses[5] * 60000 / seconds)), -1)::bigint
		AS refused,
	coalesce(round(sum(responses[6] * 60000 / seconds)), -1)::bigint
		AS failed,
	array_to_string(cells_sum(requests), ' ') AS requests,
	array_to_string(cells_sum(database), ' ') AS database,
	array_to_string(cells_sum(store), ' ') AS store,
	array_to_string(cells_sum(decoder), ' ') AS decoder,
	array_to_string(cells_sum(hash), ' ') AS hash,
	coalesce(round(sum(web_cpu_us / (seconds * 10))), -1)::bigint
		AS web_cpu,
	round(sum(jobs_cpu_us / (seconds * 10)))::bigint AS jobs_cpu,
	coalesce(sum(web_bytes), -1)::bigint AS web_bytes,
	sum(jobs_bytes)::bigint AS jobs_bytes,
	round(max(load))::bigint AS load,
	min(disk_free) AS disk_free
FROM machine GROUP BY bin ORDER BY bin LIMIT 400
