/* What the site tells those who watch it, in Prometheus' text format: the
 * counters of base/metrics.h, and what can only be found by asking (database,
 * store, queues, disks). */
#ifndef PIXLPIX_DOMAIN_FIGURES_H
#define PIXLPIX_DOMAIN_FIGURES_H

#include "domain/site.h"

/* The file in [web] run_dir by which pixlpix-jobs hands over what it counts:
 * it has no listener and needs none, and whoever asks hears of both. */
#define FIGURES_OF_JOBS "jobs.metrics"

/* And the one by which pixlpix-web does, for pixlpix-jobs (work/pulse.h). */
#define FIGURES_OF_WEB "web.metrics"

/* Puts all figures.  `site` may be NULL where the database or the store cannot
 * be opened; then, and where the database does not answer, there is less, and
 * pixlpix_up{part="database"} is 0.  Nothing here reads a whole table: the
 * numbers of accounts, posts and so on are those of the table `measure`, which
 * pixlpix-jobs fills.  ERR_MEMORY. */
enum err figures_put(const struct conf *conf, const struct site *site,
    struct arena *a, struct buf *b);

#endif
