/* pixlpix-jobs: does what need not happen at once.
 *
 * A service manager is told when the database has been reached, and from job
 * to job that all is well.
 */
#include "work/jobs.h"
#include "base/log.h"
#include "base/service.h"
#include "main.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
	ARENA_BYTES = 64 * 1024 * 1024,
	WAIT_MS = 30000, /* also for jobs whose time comes without a NOTIFY */
	REST_MS = 2000   /* after a failure of the database */
};

static volatile sig_atomic_t is_ending;

static void
note_end(int number)
{
	(void)number;
	is_ending = 1;
}

static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = note_end};

	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
}

static void
serve(const struct site *site, const struct service *service, struct arena *a)
{
	while (!is_ending) {
		bool is_done = false, is_notified;
		enum err e = jobs_run_one(site, a, &is_done);

		if (service->watchdog_us > 0)
			service_tell(service, "WATCHDOG=1");
		db_rest(site->db);
		arena_reset(a);
		if (e == OK && is_done)
			continue;
		e = db_wait(
		    site->db, -1, e == OK ? WAIT_MS : REST_MS, &is_notified);
		if (e != OK) {
			log_event(
			    LOG_WARN, "waiting for the database", LOG_ERR(e));
			(void)poll(NULL, 0, REST_MS);
		}
	}
}

int
main(int argc, char **argv)
{
	struct arena *kept = arena_make(ARENA_BYTES);
	struct arena *a = arena_make(ARENA_BYTES);
	const char *path = MAIN_CONFIG;
	struct service service;
	struct conf conf;
	struct site site;

	if (kept == NULL || a == NULL)
		return EXIT_FAILURE;
	if (argc == 3 && strcmp(argv[1], "--config") == 0)
		path = argv[2];
	catch_signals();
	if (service_take(&service) != OK ||
	    main_start(kept, path, &conf) != OK ||
	    site_open(kept, &conf, &site) != OK ||
	    db_listen(site.db, "pixlpix_job") != OK)
		return EXIT_FAILURE;
	log_event(LOG_INFO, "jobs started");
	service_tell(&service, "READY=1\nSTATUS=Waiting for jobs.");
	serve(&site, &service, a);
	service_tell(&service, "STOPPING=1");
	log_event(LOG_INFO, "jobs ended");
	site_close(&site);
	arena_free(a);
	arena_free(kept);
	return EXIT_SUCCESS;
}
