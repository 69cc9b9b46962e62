/* Who acts, for the statements that look at what that person may see. */
#ifndef PIXLPIX_DOMAIN_VIEWER_H
#define PIXLPIX_DOMAIN_VIEWER_H

#include "domain/site.h"
#include "store/sql.h"

/* Queues the statement that makes viewer() give this account for the rest of
 * the sync. */
void viewer_ask(const struct site *site, int64_t account);

#endif
