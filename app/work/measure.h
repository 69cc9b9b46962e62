/* Counting what there is, for those who watch the site.
 *
 * The rows of the table `measure` (sql/schema/0008_measure.sql): one an hour,
 * of which that of the running hour is kept fresh.  Whoever wants figures
 * reads these (sql_measure_last, or the table's rows of some days) and never
 * counts for himself.
 */
#ifndef PIXLPIX_WORK_MEASURE_H
#define PIXLPIX_WORK_MEASURE_H

#include "domain/site.h"

enum {
	MEASURE_WAIT_S = 60, /* at least, between two counts */
	MEASURE_TIMES = 100  /* and so many times as long as the last took */
};

/* Of one process; {0} at the start. */
struct measure {
	int64_t next_us; /* monotonic: not before */
};

/* Counts where the last count of anybody's is MEASURE_WAIT_S old, and ours
 * long enough ago that counting takes no more than a hundredth of the time.
 * *is_done: whether it has counted.  Errors are those of the database; the
 * next try is then not before MEASURE_WAIT_S have passed. */
enum err measure_keep(
    const struct site *site, struct arena *a, struct measure *m, bool *is_done);

#endif
