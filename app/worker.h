/* One worker of pixlpix-web: requests in, answers out, one at a time. */
#ifndef PIXLPIX_WORKER_H
#define PIXLPIX_WORKER_H

#include "base/conf.h"
#include "pages/assets.h"
#include "view/tpl.h"

/* What all workers of a generation share, made before the fork. */
struct worker_set {
	struct conf conf;
	struct tpl_set *views;
	struct assets assets;
};

/* What the master sees of a worker, in shared memory. */
struct worker_state {
	_Atomic int64_t busy_since_us; /* monotonic; 0: waiting */
	_Atomic bool has_begun;        /* to serve; stays true */
};

enum worker_end {
	WORKER_ENDED = 0,  /* was told to */
	WORKER_FAILED = 1, /* replace it */
	WORKER_REFUSED = 3 /* cannot begin, and at the start no other could */
};

/* Parses the views and finds the static files that set->conf names.  Faults
 * are lines in `complaints`, or in the log.  ERR_INPUT, ERR_IO, ERR_MEMORY. */
enum err worker_set_load(
    struct arena *a, struct buf *complaints, struct worker_set *set);

/* Serves until SIGTERM; never before the database has been reached once. */
enum worker_end worker_run(
    const struct worker_set *set, int listen_fd, struct worker_state *state);

#endif
