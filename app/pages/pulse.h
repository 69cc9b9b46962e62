/* How the site was doing over time, as plots: the rows of pulse_series, which
 * work/pulse.c has noted. */
#ifndef PIXLPIX_PAGES_PULSE_H
#define PIXLPIX_PAGES_PULSE_H

#include "base/arena.h"
#include "view/models.h"

/* `rows` are struct sql_pulse_series_row, `step_s` seconds each; out comes a
 * list of struct plot for the template.  What is not known, also how long
 * something took that did not happen, is a gap.  ERR_MEMORY. */
enum err pulse_fill(
    struct arena *a, struct list rows, int64_t step_s, struct list *out);

#endif
