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
 * job is then as it was. */
enum err jobs_run_one(const struct site *site, struct arena *a, bool *is_done);

#endif
