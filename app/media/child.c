/* posix_spawn, a pidfd to wait on with a deadline, wait4 for what it used. */
#include "media/child.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SAFE_FD = 64 /* above all numbers that the child gets */
};

/* Copies of the descriptors that no dup2 of the child can overwrite. */
struct copies {
	int fds[CHILD_FDS_MAX];
	int count;
};

static void
copies_close(struct copies *c)
{
	for (int i = 0; i < c->count; i++)
		if (c->fds[i] >= 0)
			(void)close(c->fds[i]);
}

static enum err
copies_make(const struct child *child, int report, struct copies *c)
{
	*c = (struct copies){.count = child->fd_count};
	for (int i = 0; i < c->count; i++) {
		int fd = i == STDOUT_FILENO ? report : child->fds[i];
		c->fds[i] = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, SAFE_FD);
		if (fd >= 0 && c->fds[i] < 0) {
			log_event(
			    LOG_ERROR, "decoder descriptors", LOG_ERRNO());
			copies_close(c);
			return ERR_IO;
		}
	}
	return OK;
}

static int
add_files(posix_spawn_file_actions_t *files, const struct copies *c)
{
	int e = 0;
	for (int i = 0; e == 0 && i < c->count; i++) {
		if (c->fds[i] < 0)
			e = posix_spawn_file_actions_addopen(
			    files, i, "/dev/null", O_RDWR, 0);
		else
			e = posix_spawn_file_actions_adddup2(
			    files, c->fds[i], i);
	}
	if (e == 0)
		e = posix_spawn_file_actions_addclosefrom_np(files, c->count);
	return e;
}

static int
set_signals(posix_spawnattr_t *how)
{
	sigset_t all;
	sigset_t none;
	(void)sigfillset(&all);
	(void)sigemptyset(&none);
	int e = posix_spawnattr_setsigdefault(how, &all);
	if (e == 0)
		e = posix_spawnattr_setsigmask(how, &none);
	if (e == 0)
		e = posix_spawnattr_setflags(
		    how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	return e;
}

/* posix_spawn wants strings that it could write to, and never does. */
static char *const *
as_argv(const char *const *arguments)
{
	union {
		const char *const *in;
		char *const *out;
	} u = {.in = arguments};
	return u.out;
}

static int
spawn(const struct child *c, const struct copies *copies, pid_t *pid)
{
	static const char *const no_environment[] = {NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	int e = posix_spawn_file_actions_init(&files);
	if (e != 0)
		return e;
	e = posix_spawnattr_init(&how);
	if (e == 0) {
		e = add_files(&files, copies);
		if (e == 0)
			e = set_signals(&how);
		if (e == 0)
			e = posix_spawn(pid, c->path, &files, &how,
			    as_argv(c->arguments), as_argv(no_environment));
		(void)posix_spawnattr_destroy(&how);
	}
	(void)posix_spawn_file_actions_destroy(&files);
	return e;
}

/* True where the child has ended before the deadline. */
static bool
wait_until(int pidfd, int64_t deadline_us)
{
	for (;;) {
		int64_t left = deadline_us - clock_monotonic_us();
		struct pollfd p = {.fd = pidfd, .events = POLLIN};
		int n = left <= 0 ? 0 : poll(&p, 1, (int)(left / 1000 + 1));
		if (n > 0)
			return true;
		if (n < 0 && errno == EINTR)
			continue;
		return false;
	}
}

static int64_t
timeval_us(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

static enum err
reap(pid_t pid, struct child_outcome *out)
{
	int status;
	struct rusage used;
	pid_t got;
	do {
		got = wait4(pid, &status, 0, &used);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		log_event(LOG_ERROR, "decoder cannot be reaped", LOG_ERRNO());
		return ERR_IO;
	}
	out->cpu_us = timeval_us(used.ru_utime) + timeval_us(used.ru_stime);
	out->peak_bytes = (int64_t)used.ru_maxrss * 1024;
	bool is_killed = WIFSIGNALED(status);
	if (out->end != CHILD_TOO_SLOW)
		out->end = is_killed ? CHILD_KILLED : CHILD_EXITED;
	out->code = is_killed ? WTERMSIG(status) : WEXITSTATUS(status);
	return OK;
}

/* The pipe holds all of a report, so that it can be read at the end. */
static size_t
read_report(int fd, void *to, size_t size)
{
	ssize_t n;
	do {
		n = read(fd, to, size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? 0 : (size_t)n;
}

static enum err
watch(const struct child *c, pid_t pid, int64_t start, int report,
    struct child_outcome *out)
{
	*out = (struct child_outcome){0};
	int pidfd = pidfd_open(pid, 0);
	if (pidfd < 0 || !wait_until(pidfd, start + c->wall_ms * 1000)) {
		out->end = CHILD_TOO_SLOW;
		(void)kill(pid, SIGKILL); /* unreaped: still its number */
	}
	if (pidfd >= 0)
		(void)close(pidfd);
	TRY(reap(pid, out));
	out->wall_us = clock_monotonic_us() - start;
	out->reported_bytes = read_report(report, c->report, c->report_bytes);
	return OK;
}

enum err
child_run(const struct child *c, struct child_outcome *out)
{
	int report[2];
	if (pipe2(report, O_CLOEXEC | O_NONBLOCK) != 0) {
		log_event(LOG_ERROR, "decoder pipe", LOG_ERRNO());
		return ERR_IO;
	}
	struct copies copies;
	enum err e = copies_make(c, report[1], &copies);
	(void)close(report[1]);
	if (e == OK) {
		pid_t pid;
		int64_t start = clock_monotonic_us();
		int failure = spawn(c, &copies, &pid);
		copies_close(&copies);
		errno = failure;
		if (failure == 0) {
			e = watch(c, pid, start, report[0], out);
		} else {
			log_event(LOG_ERROR, "decoder cannot be started",
			    LOG_Z("path", c->path), LOG_ERRNO());
			e = ERR_INTERNAL;
		}
	}
	(void)close(report[0]);
	return e;
}
