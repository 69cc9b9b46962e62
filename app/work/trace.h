/* Which job a process is at, for who comes after it: a job that ends its
 * process (a fault of ours, no memory left, the watchdog) leaves its row as it
 * was, and would be the next one taken, for ever. */
#ifndef PIXLPIX_WORK_TRACE_H
#define PIXLPIX_WORK_TRACE_H

#include "domain/site.h"

enum {
	TRACES_MAX = 16 /* processes on one machine */
};

/* A file in the folder of locks that no other process has; *out is open as
 * long as the process lives.  *job is what the last one that had it was at
 * when it died, or 0.  ERR_IO with the cause in the log; ERR_MEMORY. */
enum err trace_open(
    const struct site *site, struct arena *a, int *out, int64_t *job);

/* Notes the job, or 0 when it has come to an end.  A `trace` of -1 is none. */
void trace_note(int trace, int64_t job);

#endif
