/* Looking how the programs of this machine are doing, for those who watch the
 * site later on.
 *
 * The rows of the table `pulse` (sql/schema): what was counted in a minute is
 * the difference of two looks at the figures of base/metrics.h, those of this
 * process and those that pixlpix-web publishes in [web] run_dir.  Nobody is
 * held up by being looked at.  pages/pulse.c draws them.
 */
#ifndef PIXLPIX_WORK_PULSE_H
#define PIXLPIX_WORK_PULSE_H

#include "base/metrics.h"
#include "domain/site.h"

enum {
	PULSE_WAIT_S = 60,
	PULSE_THIN_S = 600,
	PULSE_CLASSES = 6 /* of METRIC_RESPONSES */
};

/* What is put together from METRIC_LATENCY, _DATABASE, _STORE, _DECODER and
 * _HASH, in this order. */
enum {
	PULSE_SPREADS = 5
};

/* All counters at one moment. */
struct pulse_look {
	int64_t at_us; /* monotonic */
	bool has_web;
	int64_t web_began_us; /* tells one run of it from the next */
	int64_t responses[PULSE_CLASSES];
	struct metrics_spread web[PULSE_SPREADS];
	struct metrics_spread jobs[PULSE_SPREADS];
	int64_t web_cpu_us;
	int64_t jobs_cpu_us;
	int64_t web_bytes;
	int64_t jobs_bytes;
};

/* Of one process; {0} at the start. */
struct pulse {
	int64_t next_us; /* monotonic: not before */
	int64_t thin_us; /* the same */
	bool has_last;
	struct pulse_look last; /* what the next one is compared with */
};

/* Looks, and notes what has changed since the last look, where that is
 * PULSE_WAIT_S ago; makes what is old coarser every PULSE_THIN_S.  The first
 * look has nothing to compare with.  *is_noted: whether a row was written.
 * Where the database does not take it (its errors), the next look tells of
 * this time, too. */
enum err pulse_keep(
    const struct site *site, struct arena *a, struct pulse *p, bool *is_noted);

#endif
