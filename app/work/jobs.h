/* Background jobs: taking one, doing it, and what becomes of a failure. */
#ifndef PIXLPIX_WORK_JOBS_H
#define PIXLPIX_WORK_JOBS_H

#include "domain/site.h"

enum {
	JOBS_TRIES = 12 /* with doubling waits: some 34 hours */
};

/* Does the next job that is due; *is_done is false where there is none.  A
 * job that fails is tried again after 30 s, 60 s, 120 s, ... and given up
 * after JOBS_TRIES; both are logged.  Errors are those of the database: the
 * job is then as it was.  The job is noted in `trace` (work/trace.h; -1: none)
 * while it is under way. */
enum err jobs_run_one(
    const struct site *site, int trace, struct arena *a, bool *is_done);

/* A process died at that job: a failed try.  Nothing where it has been done
 * since.  Errors are those of the database. */
enum err jobs_note_death(const struct site *site, struct arena *a, int64_t job);

#endif
