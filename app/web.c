/* pixlpix-web: a master that keeps two pools of workers alive.
 *
 * One pool shows pages, the other takes uploads and hashes passwords, so that
 * slow requests cannot hold up pages; nginx chooses by the address.  A worker
 * that dies is replaced, one that hangs is killed.  SIGTERM lets requests
 * finish; SIGHUP reads configuration and views anew and replaces the workers,
 * unless the new ones are faulty.
 */
#include "base/clock.h"
#include "base/log.h"
#include "main.h"
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	BACKLOG = 1024,
	WORKERS_MAX = 512,
	TICK_MS = 200,
	SOON_US = 2000000,  /* a worker that ends sooner is replaced slowly */
	GRACE_US = 30000000 /* for requests to finish at the end */
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

struct master {
	struct arena *arena;
	const char *config_path;
	struct worker_set set;
	struct worker_state *states; /* shared with the workers */
	struct place places[WORKERS_MAX];
	size_t count;
	bool is_ending;
	int status;
};

static enum err
bind_socket(const char *path, int *out)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	int fd = -1;

	if (length >= sizeof(address.sun_path)) {
		log_event(
		    LOG_ERROR, "socket path is too long", LOG_Z("path", path));
		return ERR_INPUT;
	}
	memcpy(address.sun_path, path, length + 1);
	(void)unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    chmod(path, 0660) != 0 || listen(fd, BACKLOG) != 0) {
		log_event(
		    LOG_ERROR, "no socket", LOG_Z("path", path), LOG_ERRNO());
		if (fd >= 0)
			(void)close(fd);
		return ERR_IO;
	}
	*out = fd;
	return OK;
}

static enum err
add_pool(
    struct master *m, struct str socket_path, const char *name, int64_t workers)
{
	const char *path;
	int fd;

	TRY(arena_z(m->arena, socket_path, &path));
	TRY(bind_socket(path, &fd));
	for (int64_t i = 0; i < workers; i++)
		m->places[m->count++] = (struct place){
		    .listen_fd = fd,
		    .pool = name,
		};
	return OK;
}

static enum err
load(struct master *m, const char *path)
{
	TRY(main_start(m->arena, path, &m->set.conf));
	return worker_set_load(m->arena, &m->set);
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
	TRY(add_pool(
	    m, m->set.conf.pages_socket, "pages", m->set.conf.pages_workers));
	return add_pool(
	    m, m->set.conf.slow_socket, "slow", m->set.conf.slow_workers);
}

/* A worker keeps the socket of its own pool alone. */
static void
close_other_pools(const struct master *m, int own_fd)
{
	int last = own_fd;

	for (size_t i = 0; i < m->count; i++) {
		int fd = m->places[i].listen_fd;

		if (fd != own_fd && fd != last)
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
		if (m->places[i].pid == 0 && m->places[i].not_before_us <= now)
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
	if (!m->is_ending)
		log_event(LOG_INFO, "ending");
	m->is_ending = true;
	m->status = status;
}

static bool
has_begun(const struct master *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->states[i].has_begun)
			return true;
	return false;
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
	if (!is_expected)
		log_event(LOG_ERROR, "worker died", LOG_Z("pool", place->pool),
		    LOG_INT(
			"exit", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
		    LOG_INT(
			"signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0));
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
		(void)kill(m->places[i].pid, SIGKILL);
	}
}

/* New configuration and views if both are without fault; each worker then
 * finishes what it is at and makes room for one that has them. */
static void
reload(struct master *m)
{
	struct worker_set old = m->set;

	if (load(m, m->config_path) != OK) {
		m->set = old;
		log_event(LOG_ERROR, "reload refused; all stays as it was");
		return;
	}
	tpl_set_free(old.views);
	for (size_t i = 0; i < m->count; i++)
		m->places[i].is_replaced = m->places[i].pid > 0;
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

int
main(int argc, char **argv)
{
	static struct master m;
	sigset_t signals;

	m.config_path = MAIN_CONFIG;
	if (argc == 3 && strcmp(argv[1], "--config") == 0)
		m.config_path = argv[2];
	m.arena = arena_make(256 * 1024 * 1024);
	if (m.arena == NULL)
		return EXIT_FAILURE;
	block_signals(&signals);
	if (start(&m) != OK)
		return EXIT_FAILURE;
	serve(&m, &signals);
	tpl_set_free(m.set.views);
	arena_free(m.arena);
	return m.status;
}
