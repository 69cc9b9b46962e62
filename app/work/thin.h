/* Letting go of what is kept for a time alone: notifications. */
#ifndef PIXLPIX_WORK_THIN_H
#define PIXLPIX_WORK_THIN_H

#include "domain/site.h"

enum {
	THIN_WAIT_S = 60 * 60 /* until the next look, when nothing is left */
};

/* Of one process; {0} at the start. */
struct thin {
	int64_t next_us; /* monotonic: not before */
};

/* Where it is time, lets go of a batch.  Errors are those of the database; the
 * next try is then an hour later. */
enum err thin_keep(const struct site *site, struct arena *a, struct thin *t);

#endif
