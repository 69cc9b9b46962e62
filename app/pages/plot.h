/* Values over time as what a template draws of them: paths of an SVG whose
 * field is PLOT_WIDTH by PLOT_HEIGHT units, and words for its edges.
 *
 * The field is stretched to the place that the page has for it, so that text
 * stands outside of it.
 */
#ifndef PIXLPIX_PAGES_PLOT_H
#define PIXLPIX_PAGES_PLOT_H

#include "base/arena.h"
#include "view/models.h"

enum {
	PLOT_WIDTH = 600,
	PLOT_HEIGHT = 160
};

enum plot_unit {
	PLOT_COUNT,   /* "12,345" */
	PLOT_BYTES,   /* "1.2 GB" */
	PLOT_TIME,    /* of microseconds: "2.5 ms" */
	PLOT_PARTS,   /* of thousandths: "0.25", "17" */
	PLOT_PERCENT, /* of thousandths of a percent: "0.25 %" */
	PLOT_UNIT_COUNT_
};

/* A value that nobody knows. */
#define PLOT_UNKNOWN INT64_C(-1)

/* One line, or two with the same axis. */
struct plot_series {
	const char *title;
	enum plot_unit unit;
	bool from_zero;  /* the axis begins at 0 */
	bool says_most;  /* what is told is the most of it, not how it has
	                  * changed */
	int64_t step_us; /* from one to the next; where that is twice as far,
	                  * the line has a gap.  0: never */
	size_t count;    /* of all arrays */
	const struct when *at;
	const int64_t *values; /* not negative, or PLOT_UNKNOWN: a gap */
	const int64_t *others; /* the same; NULL: one line */
	const char *name;      /* of each line; of two only */
	const char *other_name;
};

/* Draws it.  With fewer than two known values there is no line: has_line is
 * false.  What it is now is the value of the last time, where that is known.
 * ERR_MEMORY. */
enum err plot_make(
    struct arena *a, const struct plot_series *series, struct plot *out);

/* How often each of `count` buckets was hit, as bars side by side; none where
 * nothing was. */
enum err plot_bars(
    struct arena *a, const int64_t *told, size_t count, struct str *out);

/* A number as people read it. */
enum err plot_number(
    struct arena *a, int64_t n, enum plot_unit unit, struct str *out);

#endif
