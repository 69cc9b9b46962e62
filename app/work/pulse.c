/* Two looks, and what lies between them. */
#include "work/pulse.h"
#include "base/clock.h"
#include "domain/figures.h"
#include "store/sql.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const enum metric spreads[PULSE_SPREADS] = {
    METRIC_LATENCY, METRIC_DATABASE, METRIC_STORE, METRIC_DECODER, METRIC_HASH};

/* From fine to coarse, and how long each is kept.  The page of the admins
 * draws two days by ten minutes and a month by hours. */
static const struct sql_pulse_thin_in levels[] = {
    {60, 600, 6},
    {600, 3600, 3 * 24},
    {3600, 86400, 62 * 24},
};

static void
look_at_web(const struct metrics_copy *web, struct pulse_look *out)
{
	out->has_web = true;
	out->web_began_us = metrics_copy_read(web, METRIC_STARTED, AT(0));
	out->web_cpu_us = metrics_copy_read(web, METRIC_CPU, AT(0));
	out->web_bytes = metrics_copy_read(web, METRIC_MEMORY, AT(0));
	for (size_t i = 0; i < PULSE_CLASSES; i++)
		out->responses[i] =
		    metrics_copy_read(web, METRIC_RESPONSES, AT(i));
	for (size_t i = 0; i < PULSE_SPREADS; i++)
		metrics_copy_spread(web, spreads[i], &out->web[i]);
}

static enum err
look(const struct site *site, struct arena *a, struct pulse_look *out)
{
	const struct metrics_copy *web;
	struct str path;
	enum err e;

	*out = (struct pulse_look){.at_us = clock_monotonic_us()};
	TRY(arena_printf(
	    a, &path, "%.*s/" FIGURES_OF_WEB, STR_ARG(site->conf->run_dir)));
	e = metrics_copy(a, path.at, &web);
	if (e == OK)
		look_at_web(web, out);
	else if (e != ERR_ABSENT)
		return e;
	for (size_t i = 0; i < PULSE_SPREADS; i++)
		metrics_spread(spreads[i], &out->jobs[i]);
	out->jobs_cpu_us = metrics_read(METRIC_CPU, AT(0));
	out->jobs_bytes = metrics_read(METRIC_MEMORY, AT(0));
	return OK;
}

/* What has begun anew begins at 0. */
static int64_t
grown(int64_t before, int64_t now)
{
	return now >= before ? now - before : now;
}

static enum err
fill_responses(struct arena *a, const struct pulse_look *last,
    const struct pulse_look *now, struct list *out)
{
	int64_t *counts = arena_array(a, PULSE_CLASSES, sizeof(*counts));

	if (counts == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < PULSE_CLASSES; i++)
		counts[i] = grown(last->responses[i], now->responses[i]);
	*out = (struct list){counts, PULSE_CLASSES};
	return OK;
}

static enum err
fill_spread(struct arena *a, size_t which, const struct pulse_look *last,
    const struct pulse_look *now, struct list *out)
{
	int64_t *counts = arena_array(a, METRICS_BUCKETS, sizeof(*counts));

	if (counts == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < METRICS_BUCKETS; i++)
		counts[i] =
		    grown(last->web[which].told[i], now->web[which].told[i]) +
		    grown(last->jobs[which].told[i], now->jobs[which].told[i]);
	*out = (struct list){counts, METRICS_BUCKETS};
	return OK;
}

/* Of the disks with images and with what is being sent, the fuller one. */
static int64_t
disk_free(const struct conf *conf)
{
	const struct str folders[] = {conf->spool_dir,
	    conf_is_s3(conf) ? conf->spool_dir : conf->store_dir};
	int64_t least = INT64_MAX;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char path[4096];
		struct statvfs fs;
		int64_t bytes;

		if (folders[i].len >= sizeof(path))
			continue;
		memcpy(path, folders[i].at, folders[i].len);
		path[folders[i].len] = '\0';
		if (statvfs(path, &fs) != 0)
			continue;
		bytes = (int64_t)(fs.f_bavail * fs.f_frsize);
		least = bytes < least ? bytes : least;
	}
	return least == INT64_MAX ? 0 : least;
}

static enum err
note(const struct site *site, struct arena *a, const struct pulse_look *last,
    const struct pulse_look *now)
{
	char host[256] = "";
	double load = 0;
	struct pulse_look before = *last;
	struct sql_pulse_add_in in = {
	    .seconds = (now->at_us - last->at_us + 500000) / 1000000,
	    .jobs_cpu_us = grown(last->jobs_cpu_us, now->jobs_cpu_us),
	    .jobs_bytes = now->jobs_bytes,
	    .disk_free = disk_free(site->conf)};
	struct list *lists[PULSE_SPREADS] = {
	    &in.requests, &in.database, &in.store, &in.decoder, &in.hash};

	(void)gethostname(host, sizeof(host) - 1);
	in.host = str_from(host);
	if (getloadavg(&load, 1) == 1)
		in.load = (int64_t)(load * 100 + 0.5);
	if (now->web_began_us != last->web_began_us) {
		memset(before.responses, 0, sizeof(before.responses));
		memset(before.web, 0, sizeof(before.web));
		before.web_cpu_us = 0;
	}
	if (now->has_web) {
		in.web_cpu_us = grown(before.web_cpu_us, now->web_cpu_us);
		in.web_bytes = now->web_bytes;
		TRY(fill_responses(a, &before, now, &in.responses));
	}
	for (size_t i = 0; i < PULSE_SPREADS; i++)
		if (now->has_web || spreads[i] != METRIC_LATENCY)
			TRY(fill_spread(a, i, &before, now, lists[i]));
	return sql_pulse_add(site->db, a, &in, NULL);
}

static enum err
thin(const struct site *site, struct arena *a)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		TRY(sql_pulse_thin(site->db, a, &levels[i], NULL));
	return OK;
}

enum err
pulse_keep(
    const struct site *site, struct arena *a, struct pulse *p, bool *is_noted)
{
	int64_t now_us = clock_monotonic_us();
	struct pulse_look now;

	*is_noted = false;
	if (now_us < p->next_us)
		return OK;
	p->next_us = now_us + PULSE_WAIT_S * INT64_C(1000000);
	TRY(look(site, a, &now));
	if (p->has_last) {
		TRY(note(site, a, &p->last, &now));
		*is_noted = true;
	}
	p->last = now;
	p->has_last = true;
	if (now_us < p->thin_us)
		return OK;
	p->thin_us = now_us + PULSE_THIN_S * INT64_C(1000000);
	return thin(site, a);
}
