/* pixlpix-web: a master that keeps two pools of workers alive.
 *
 * One pool shows pages, the other takes uploads and hashes passwords, so that
 * slow requests cannot hold up pages; nginx chooses by the address.  A worker
 * that dies is replaced, one that hangs is killed.  SIGTERM lets requests
 * finish; SIGHUP reads configuration and views anew and replaces the workers,
 * unless the new ones are faulty.
 *
 *	pixlpix-web [--check] [--config FILE]
 *
 * A service manager may give the sockets, by the names "pages" and "slow", so
 * that visitors wait while the program is exchanged.  It is told when each pool
 * has a worker that answers, and on, as long as that is so.  --check reads
 * configuration and views, says what is wrong with them, and ends.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/service.h"
#include "base/usage.h"
#include "domain/figures.h"
#include "exporter.h"
#include "main.h"
#include "pages/gate.h"
#include "routes.h"
#include "worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	WORKERS_MAX = 512,
	TICK_MS = 200,
	MEASURE_US = 5000000, /* between two looks at what workers use */
	SOON_US = 2000000,    /* a worker that ends sooner is replaced slowly */
	GRACE_US = 30000000   /* for requests to finish at the end */
};

/* One place for a worker, filled again when it dies. */
struct place {
	pid_t pid; /* 0: empty */
	int listen_fd;
	const char *pool;
	int64_t born_us;
	int64_t not_before_us; /* when it may be filled again */
	bool is_replaced;      /* told to end: the next one has the new set */
};

/* The pools, by the names that their sockets have with systemd; the last is of
 * one worker, who listens himself. */
static const char PAGES[] = "pages", SLOW[] = "slow", METRICS[] = "metrics";

struct master {
	struct arena *arena;
	const char *config_path;
	struct service service;
	int64_t told_us;   /* when the service manager heard of us last */
	bool is_announced; /* as ready, since the start or the last reload */
	struct worker_set set;
	struct worker_state *states; /* shared with the workers */
	struct place places[WORKERS_MAX];
	size_t count;
	int64_t measured_us; /* when we looked what the workers use */
	int64_t cpu_us;      /* that was found then; never less */
	bool only_checks;    /* --check: somebody reads what we say */
	bool is_ending;
	int status;
};

static enum err
add_pool(
    struct master *m, struct str socket_path, const char *name, int64_t workers)
{
	const char *path;
	int fd;

	TRY(arena_z(m->arena, socket_path, &path));
	fd = service_socket(&m->service, name);
	if (fd < 0)
		TRY(service_listen(path, &fd));
	for (int64_t i = 0; i < workers; i++)
		m->places[m->count++] = (struct place){
		    .listen_fd = fd,
		    .pool = name,
		};
	return OK;
}

/* [metrics] listen may be filled in later, and a reload finds it. */
static void
add_exporter(struct master *m)
{
	m->places[m->count++] =
	    (struct place){.listen_fd = -1, .pool = METRICS};
}

static bool
is_wanted(const struct master *m, const struct place *place)
{
	return place->pool != METRICS || m->set.conf.metrics_listen.len > 0;
}

/* Figures that all workers share from here on, and pixlpix-jobs reads; where it
 * cannot, pages are served all the same. */
static enum err
start_figures(struct master *m)
{
	const struct gate gate = {
	    .routes = &routes, .api = &api_routes, .sim = &sim_routes};
	struct list names;
	struct str path;

	TRY(gate_route_names(m->arena, &gate, &names));
	metrics_use_routes(names.items, names.count);
	TRY(arena_printf(m->arena, &path, "%.*s/" FIGURES_OF_WEB,
	    STR_ARG(m->set.conf.run_dir)));
	if (metrics_publish(path.at) != OK)
		TRY(metrics_share());
	metrics_set(METRIC_STARTED, AT(0), clock_now().us);
	return OK;
}

static enum err
load(struct master *m, const char *path)
{
	struct buf complaints = {0};
	enum err e = main_start(m->arena, path, &complaints, &m->set.conf);

	if (e == OK)
		e = worker_set_load(m->arena, &complaints, &m->set);
	main_complain(&complaints, !m->only_checks);
	return e;
}

static enum err
start(struct master *m)
{
	size_t bytes = WORKERS_MAX * sizeof(*m->states);
	void *shared;

	TRY(load(m, m->config_path));
	shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return ERR_MEMORY;
	m->states = shared;
	add_exporter(m);
	TRY(service_take(&m->service));
	TRY(add_pool(
	    m, m->set.conf.pages_socket, PAGES, m->set.conf.pages_workers));
	TRY(add_pool(
	    m, m->set.conf.slow_socket, SLOW, m->set.conf.slow_workers));
	return start_figures(m);
}

/* A worker keeps the socket of its own pool alone. */
static void
close_other_pools(const struct master *m, int own_fd)
{
	int last = own_fd;

	for (size_t i = 0; i < m->count; i++) {
		int fd = m->places[i].listen_fd;

		if (fd != own_fd && fd != last && fd >= 0)
			(void)close(fd);
		last = fd;
	}
}

/* In the child: signals as they were, and an end together with the master. */
static void
become_worker(struct master *m, size_t i, pid_t parent)
{
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(WORKER_ENDED);
	close_other_pools(m, m->places[i].listen_fd);
	if (m->places[i].pool == METRICS)
		_exit(exporter_run(&m->set.conf, &m->states[i]));
	_exit(worker_run(&m->set, m->places[i].listen_fd, &m->states[i]));
}

static void
fill_place(struct master *m, size_t i)
{
	struct place *place = &m->places[i];
	pid_t parent = getpid();
	pid_t pid;

	m->states[i].busy_since_us = 0;
	pid = fork();
	if (pid == 0)
		become_worker(m, i, parent);
	if (pid < 0) {
		log_event(LOG_ERROR, "no new worker", LOG_ERRNO());
		place->not_before_us = clock_monotonic_us() + SOON_US;
		return;
	}
	place->pid = pid;
	place->born_us = clock_monotonic_us();
	place->is_replaced = false;
}

static void
fill_places(struct master *m)
{
	int64_t now = clock_monotonic_us();

	for (size_t i = 0; i < m->count && !m->is_ending; i++)
		if (m->places[i].pid == 0 &&
		    m->places[i].not_before_us <= now &&
		    is_wanted(m, &m->places[i]))
			fill_place(m, i);
}

static void
tell_all(const struct master *m, int number)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->places[i].pid > 0)
			(void)kill(m->places[i].pid, number);
}

static void
begin_end(struct master *m, int status)
{
	if (!m->is_ending) {
		log_event(LOG_INFO, "ending");
		service_tell(&m->service, "STOPPING=1");
	}
	m->is_ending = true;
	m->status = status;
}

static bool
has_begun(const struct master *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->states[i].has_begun && m->places[i].pool != METRICS)
			return true;
	return false;
}

static enum metrics_pool
pool_of(const struct place *place)
{
	if (place->pool == METRICS)
		return METRICS_POOL_METRICS;
	return place->pool == SLOW ? METRICS_POOL_SLOW : METRICS_POOL_PAGES;
}

/* A first worker that cannot begin finds a fault of the installation.  Later
 * on it may be a disk or a store that is away: the others go on. */
static void
bury(struct master *m, size_t i, int status)
{
	struct place *place = &m->places[i];
	int64_t now = clock_monotonic_us();
	bool is_expected = m->is_ending || place->is_replaced;

	place->pid = 0;
	place->not_before_us =
	    now - place->born_us < SOON_US && !is_expected ? now + SOON_US : 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == WORKER_REFUSED &&
	    !has_begun(m)) {
		begin_end(m, EXIT_FAILURE);
		return;
	}
	if (is_expected)
		return;
	metrics_count(METRIC_DEATHS, AT(pool_of(place)), 1);
	log_event(LOG_ERROR, "worker died", LOG_Z("pool", place->pool),
	    LOG_INT("exit", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
	    LOG_INT("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0));
}

static void
reap(struct master *m)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < m->count; i++)
			if (m->places[i].pid == pid)
				bury(m, i, status);
}

/* A worker that has been at one request for too long is killed: its visitor
 * gets an error page from nginx, everybody else is spared. */
static void
watch(struct master *m)
{
	int64_t limit_us = m->set.conf.watchdog_s * 1000000;
	int64_t now = clock_monotonic_us();

	for (size_t i = 0; i < m->count; i++) {
		int64_t since = m->states[i].busy_since_us;

		if (m->places[i].pid <= 0 || since == 0 ||
		    now - since < limit_us)
			continue;
		log_event(LOG_ERROR, "worker hangs and is killed",
		    LOG_Z("pool", m->places[i].pool),
		    LOG_INT("pid", m->places[i].pid));
		metrics_count(METRIC_HANGS, AT(pool_of(&m->places[i])), 1);
		(void)kill(m->places[i].pid, SIGKILL);
	}
}

/* New configuration and views if both are without fault; each worker then
 * finishes what it is at and makes room for one that has them. */
static void
reload(struct master *m)
{
	struct worker_set old = m->set;

	service_tell_reloading(&m->service);
	m->is_announced = false;
	if (load(m, m->config_path) != OK) {
		m->set = old;
		metrics_count(METRIC_RELOADS, AT(1), 1);
		log_event(LOG_ERROR, "reload refused; all stays as it was");
		return;
	}
	tpl_set_free(old.views);
	for (size_t i = 0; i < m->count; i++)
		m->places[i].is_replaced = m->places[i].pid > 0;
	metrics_count(METRIC_RELOADS, AT(0), 1);
	log_event(LOG_INFO, "reloaded");
}

/* A worker may be told between two looks at its signals: tell it again. */
static void
tell_replaced(const struct master *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->places[i].is_replaced && m->places[i].pid > 0)
			(void)kill(m->places[i].pid, SIGTERM);
}

/* Is somebody in the pool who serves, or waits for the database to do so? */
static bool
pool_answers(const struct master *m, const char *pool, bool must_have_begun)
{
	int64_t overdue_us = m->set.conf.watchdog_s * 1000000 + SOON_US;
	int64_t now = clock_monotonic_us();

	for (size_t i = 0; i < m->count; i++) {
		int64_t since = m->states[i].busy_since_us;

		if (m->places[i].pool == pool && m->places[i].pid > 0 &&
		    (m->states[i].has_begun || !must_have_begun) &&
		    (since == 0 || now - since < overdue_us))
			return true;
	}
	return false;
}

static bool
all_answer(const struct master *m, bool must_have_begun)
{
	return pool_answers(m, PAGES, must_have_begun) &&
	       pool_answers(m, SLOW, must_have_begun);
}

static bool
is_being_replaced(const struct master *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->places[i].is_replaced)
			return true;
	return false;
}

/* Says that we are ready, once, and then that we still are.  Who hears
 * nothing for WatchdogSec= starts us anew. */
static void
tell(struct master *m)
{
	int64_t now = clock_monotonic_us();

	if (!m->is_announced && all_answer(m, true) && !is_being_replaced(m)) {
		service_tell(&m->service, "READY=1\nSTATUS=Serving.");
		m->is_announced = true;
	}
	if (m->service.watchdog_us == 0 ||
	    now - m->told_us < m->service.watchdog_us / 4 ||
	    !all_answer(m, false))
		return;
	service_tell(&m->service, "WATCHDOG=1");
	m->told_us = now;
}

static void
count_workers(const struct master *m)
{
	int64_t alive[METRICS_POOL_COUNT_] = {0};
	int64_t meant[METRICS_POOL_COUNT_] = {0};

	for (size_t i = 0; i < m->count; i++) {
		enum metrics_pool pool = pool_of(&m->places[i]);

		alive[pool] += m->places[i].pid > 0;
		meant[pool] += is_wanted(m, &m->places[i]);
	}
	for (size_t i = 0; i < METRICS_POOL_COUNT_; i++) {
		metrics_set(METRIC_WORKERS, AT(i), alive[i]);
		metrics_set(METRIC_WORKERS_MEANT, AT(i), meant[i]);
	}
}

/* Processor time of those that have ended is our own as soon as they are
 * reaped; one that ends just now must not take any away. */
static void
measure_workers(struct master *m)
{
	int64_t now = clock_monotonic_us(), cpu_us = usage_own_cpu_us();
	int64_t memory_bytes = 0;
	struct usage used;

	if (m->measured_us != 0 && now - m->measured_us < MEASURE_US)
		return;
	m->measured_us = now;
	for (size_t i = 0; i < m->count; i++) {
		if (m->places[i].pid <= 0 ||
		    usage_find(m->places[i].pid, &used) != OK)
			continue;
		cpu_us += used.cpu_us;
		memory_bytes += used.memory_bytes;
	}
	if (usage_find(getpid(), &used) == OK)
		memory_bytes += used.memory_bytes;
	if (cpu_us > m->cpu_us)
		m->cpu_us = cpu_us;
	metrics_set(METRIC_CPU, AT(0), m->cpu_us);
	metrics_set(METRIC_MEMORY, AT(0), memory_bytes);
}

static size_t
alive(const struct master *m)
{
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++)
		count += m->places[i].pid > 0;
	return count;
}

static void
tick(struct master *m, int number)
{
	if (number == SIGTERM || number == SIGINT)
		begin_end(m, EXIT_SUCCESS);
	if (number == SIGHUP && !m->is_ending)
		reload(m);
	reap(m);
	fill_places(m);
	watch(m);
	tell_replaced(m);
	tell(m);
	count_workers(m);
	measure_workers(m);
}

static void
serve(struct master *m, const sigset_t *signals)
{
	const struct timespec wait = {.tv_nsec = TICK_MS * 1000000L};
	int64_t end_us = 0;

	fill_places(m);
	log_event(LOG_INFO, "web started", LOG_INT("workers", m->count));
	while (!m->is_ending || alive(m) > 0) {
		int64_t now = clock_monotonic_us();

		if (m->is_ending && end_us == 0)
			end_us = now + GRACE_US;
		if (m->is_ending)
			tell_all(m, now < end_us ? SIGTERM : SIGKILL);
		tick(m, sigtimedwait(signals, NULL, &wait));
	}
	log_event(LOG_INFO, "web ended");
}

static void
block_signals(sigset_t *out)
{
	(void)sigemptyset(out);
	(void)sigaddset(out, SIGTERM);
	(void)sigaddset(out, SIGINT);
	(void)sigaddset(out, SIGHUP);
	(void)sigaddset(out, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, out, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

static bool
read_arguments(struct master *m, int count, char **words, bool *only_check)
{
	m->config_path = MAIN_CONFIG;
	*only_check = count > 1 && strcmp(words[1], "--check") == 0;
	if (*only_check) {
		words++;
		count--;
	}
	if (count == 1)
		return true;
	if (count != 3 || strcmp(words[1], "--config") != 0)
		return false;
	m->config_path = words[2];
	return true;
}

int
main(int argc, char **argv)
{
	static struct master m;
	sigset_t signals;
	bool only_check;

	if (!read_arguments(&m, argc, argv, &only_check)) {
		(void)fputs(
		    "usage: pixlpix-web [--check] [--config FILE]\n", stderr);
		return EXIT_FAILURE;
	}
	m.arena = arena_make(256 * 1024 * 1024);
	if (m.arena == NULL)
		return EXIT_FAILURE;
	m.only_checks = only_check;
	if (only_check)
		return load(&m, m.config_path) == OK ? EXIT_SUCCESS
		                                     : EXIT_FAILURE;
	block_signals(&signals);
	if (start(&m) != OK)
		return EXIT_FAILURE;
	serve(&m, &signals);
	tpl_set_free(m.set.views);
	arena_free(m.arena);
	return m.status;
}
