/* pixlpix-jobs: does what need not happen at once.
 *
 * A service manager is told when the database has been reached, and from job
 * to job that all is well.  SIGHUP reads the configuration anew.
 */
#include "work/jobs.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/service.h"
#include "base/usage.h"
#include "domain/figures.h"
#include "main.h"
#include "work/measure.h"
#include "work/pulse.h"
#include "work/thin.h"
#include "work/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ARENA_BYTES = 64 * 1024 * 1024,
	MEASURE_US = 5000000, /* between two looks at what we use */
	WAIT_MS = 10000, /* also for jobs whose time comes without a NOTIFY */
	REST_MS = 2000   /* after a failure of the database */
};

static volatile sig_atomic_t is_ending;
static volatile sig_atomic_t is_renewing;
/* A signal just before the wait must end it, too. */
static int wake[2] = {-1, -1};

static void
note(int number)
{
	int saved = errno;

	if (number == SIGHUP)
		is_renewing = 1;
	else
		is_ending = 1;
	(void)!write(wake[1], "", 1);
	errno = saved;
}

static enum err
catch_signals(void)
{
	struct sigaction action = {.sa_handler = note};

	if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
		return ERR_IO;
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
	return OK;
}

/* Of the time between two jobs that costs next to nothing. */
static void
tell_figures(void)
{
	static int64_t told_us;
	int64_t now = clock_monotonic_us();
	struct usage used;

	metrics_set(METRIC_JOBS_SEEN, AT(0), clock_now().us / 1000000);
	if (told_us != 0 && now - told_us < MEASURE_US)
		return;
	told_us = now;
	metrics_set(METRIC_CPU, AT(0), usage_own_cpu_us());
	if (usage_find(getpid(), &used) == OK)
		metrics_set(METRIC_MEMORY, AT(0), used.memory_bytes);
}

/* Once a minute at most, also while there are jobs without an end. */
static void
count_things(const struct site *site, struct arena *a)
{
	static struct measure measure;
	static struct pulse pulse;
	bool is_done;
	enum err e = measure_keep(site, a, &measure, &is_done);

	if (e != OK)
		log_event(LOG_WARN, "nothing counted", LOG_ERR(e));
	db_rest(site->db);
	arena_reset(a);
	e = pulse_keep(site, a, &pulse, &is_done);
	if (e != OK)
		log_event(LOG_WARN, "no pulse noted", LOG_ERR(e));
	db_rest(site->db);
	arena_reset(a);
}

/* Once an hour, until nothing is left that is old enough. */
static void
thin_things(const struct site *site, struct arena *a)
{
	static struct thin thin;
	enum err e = thin_keep(site, a, &thin);

	if (e != OK)
		log_event(LOG_WARN, "nothing thinned", LOG_ERR(e));
	db_rest(site->db);
	arena_reset(a);
}

static void
serve(const struct site *site, const struct service *service, int trace,
    struct arena *a)
{
	while (!is_ending && !is_renewing) {
		bool is_done = false, is_notified;
		enum err e = jobs_run_one(site, trace, a, &is_done);

		if (service->watchdog_us > 0)
			service_tell(service, "WATCHDOG=1");
		db_rest(site->db);
		arena_reset(a);
		tell_figures();
		if (e == OK)
			count_things(site, a);
		if (e == OK)
			thin_things(site, a);
		if (e == OK && is_done)
			continue;
		e = db_wait(site->db, wake[0], e == OK ? WAIT_MS : REST_MS,
		    &is_notified);
		if (e != OK) {
			log_event(
			    LOG_WARN, "waiting for the database", LOG_ERR(e));
			(void)poll(NULL, 0, REST_MS);
		}
	}
}

/* What one reading of the configuration gives. */
struct life {
	struct arena *kept; /* holds this struct, too */
	struct conf conf;
	struct site site;
};

static void
life_end(struct life *life)
{
	struct arena *kept = life->kept;

	site_close(&life->site);
	arena_free(kept);
}

/* ERR_INPUT where the configuration is refused, with the reason on stderr;
 * else what site_open and db_listen say. */
static enum err
life_begin(const char *path, struct life **out)
{
	struct arena *kept = arena_make(ARENA_BYTES);
	struct life *life;
	enum err e = ERR_MEMORY;

	if (kept == NULL)
		return ERR_MEMORY;
	life = ARENA_NEW(kept, struct life);
	if (life != NULL) {
		life->kept = kept;
		struct buf complaints = {0};

		e = main_start(kept, path, &complaints, &life->conf) == OK
		        ? OK
		        : ERR_INPUT;
		main_complain(&complaints, true);
	}
	if (e == OK) {
		e = site_open(kept, &life->conf, &life->site);
		if (e == OK) {
			e = db_listen(life->site.db, "pixlpix_job");
			if (e != OK)
				site_close(&life->site);
		}
	}
	if (e != OK) {
		arena_free(kept);
		return e;
	}
	*out = life;
	return OK;
}

/* A database that is away comes back. */
static enum err
life_begin_in_time(const char *path, struct life **out)
{
	enum err e;

	while ((e = life_begin(path, out)) == ERR_LOST && !is_ending) {
		log_event(LOG_WARN, "waiting for the database", LOG_ERR(e));
		(void)poll(NULL, 0, REST_MS);
	}
	return e;
}

/* After SIGHUP: with a configuration that is refused all goes on as it was. */
static void
life_renew(const char *path, struct life **life)
{
	struct life *next;
	char drained[16];
	enum err e;

	is_renewing = 0;
	while (read(wake[0], drained, sizeof(drained)) > 0)
		continue;
	e = life_begin(path, &next);
	if (e != OK) {
		metrics_count(METRIC_RELOADS, AT(1), 1);
		log_event(LOG_ERROR, "configuration not taken", LOG_ERR(e));
		return;
	}
	life_end(*life);
	*life = next;
	metrics_count(METRIC_RELOADS, AT(0), 1);
	log_event(LOG_INFO, "configuration read anew");
}

/* Figures that pixlpix-web tells.  Work goes on without. */
static void
start_figures(const struct conf *conf, struct arena *a)
{
	struct str path;

	if (arena_printf(a, &path, "%.*s/" FIGURES_OF_JOBS,
		STR_ARG(conf->run_dir)) != OK ||
	    metrics_publish(path.at) != OK)
		return;
	metrics_set(METRIC_STARTED, AT(0), clock_now().us);
	arena_reset(a);
}

/* Work goes on without. */
static int
start_trace(const struct site *site, struct arena *a)
{
	int64_t job = 0;
	int trace = -1;
	enum err e;

	if (trace_open(site, a, &trace, &job) == OK && job != 0) {
		e = jobs_note_death(site, a, job);
		if (e != OK)
			log_event(LOG_WARN, "death of a job not noted",
			    LOG_INT("job", job), LOG_ERR(e));
		trace_note(trace, 0);
	}
	db_rest(site->db);
	arena_reset(a);
	return trace;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_make(ARENA_BYTES);
	const char *path = MAIN_CONFIG;
	struct service service;
	struct life *life;
	int trace;

	if (a == NULL)
		return EXIT_FAILURE;
	if (argc == 3 && strcmp(argv[1], "--config") == 0)
		path = argv[2];
	if (catch_signals() != OK || service_take(&service) != OK ||
	    life_begin_in_time(path, &life) != OK) {
		arena_free(a);
		return EXIT_FAILURE;
	}
	start_figures(&life->conf, a);
	trace = start_trace(&life->site, a);
	log_event(LOG_INFO, "jobs started");
	service_tell(&service, "READY=1\nSTATUS=Waiting for jobs.");
	while (!is_ending) {
		serve(&life->site, &service, trace, a);
		if (is_renewing)
			life_renew(path, &life);
	}
	service_tell(&service, "STOPPING=1");
	log_event(LOG_INFO, "jobs ended");
	life_end(life);
	arena_free(a);
	return EXIT_SUCCESS;
}
