/* A lock that the system lets go of when the process ends, and a number. */
#include "work/trace.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

enum {
	TEXT_BYTES = 32
};

static int64_t
read_job(int fd)
{
	char text[TEXT_BYTES];
	ssize_t got = pread(fd, text, sizeof(text), 0);
	int64_t job = 0;

	if (got > 0)
		(void)str_parse_int(str_trim((struct str){text, (size_t)got}),
		    1, INT64_MAX, &job);
	return job;
}

enum err
trace_open(const struct site *site, struct arena *a, int *out, int64_t *job)
{
	for (int i = 0; i < TRACES_MAX; i++) {
		struct str path;
		int fd;

		TRY(arena_printf(
		    a, &path, "%.*s/job.%d", STR_ARG(site->conf->run_dir), i));
		fd = open(path.at, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			break;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
			*out = fd;
			*job = read_job(fd);
			return OK;
		}
		(void)close(fd);
	}
	log_event(LOG_WARN, "no file for traces of jobs", LOG_ERRNO());
	return ERR_IO;
}

void
trace_note(int trace, int64_t job)
{
	char text[TEXT_BYTES];
	int len = 0;

	if (trace < 0)
		return;
	if (job != 0)
		len = snprintf(text, sizeof(text), "%lld\n", (long long)job);
	if (pwrite(trace, text, (size_t)len, 0) != len ||
	    ftruncate(trace, len) != 0)
		log_event(LOG_WARN, "no trace of a job", LOG_ERRNO());
}
