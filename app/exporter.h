/* The worker of pixlpix-web that tells figures to Prometheus.
 *
 * It has a listener of its own, so that figures can be had also when all other
 * workers hang, when nginx is away, and of each machine by itself.
 */
#ifndef PIXLPIX_EXPORTER_H
#define PIXLPIX_EXPORTER_H

#include "worker.h"

/* Answers GET /metrics at [metrics] listen, one visitor after the other, until
 * SIGTERM ends it.  Where the address cannot be had it tries again and again;
 * without a database it tells less. */
enum worker_end exporter_run(
    const struct conf *conf, struct worker_state *state);

#endif
