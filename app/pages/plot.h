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
	PLOT_COUNT, /* "12,345" */
	PLOT_BYTES  /* "1.2 GB" */
};

struct plot_series {
	const char *title;
	enum plot_unit unit;
	bool from_zero; /* the axis begins at 0 */
	size_t count;   /* of both */
	const struct when *at;
	const int64_t *values; /* not negative */
};

/* Draws it.  With fewer than two values there is no line: has_line is false.
 * ERR_MEMORY. */
enum err plot_make(
    struct arena *a, const struct plot_series *series, struct plot *out);

/* How often each of `count` buckets was hit, as bars side by side; none where
 * nothing was. */
enum err plot_bars(
    struct arena *a, const int64_t *told, size_t count, struct str *out);

/* "2.5 ms", "10 s". */
enum err plot_time(struct arena *a, int64_t us, struct str *out);

/* A number as people read it. */
enum err plot_number(
    struct arena *a, int64_t n, enum plot_unit unit, struct str *out);

#endif
