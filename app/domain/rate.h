/* How often an account may do something in an hour. */
#ifndef PIXLPIX_DOMAIN_RATE_H
#define PIXLPIX_DOMAIN_RATE_H

#include "domain/site.h"

enum rate {
	RATE_POST,
	RATE_COMMENT,
	RATE_FOLLOW,
	RATE_LIKE,
	RATE_BOOKMARK,
	RATE_PRIVACY /* becoming private or public */
};

/* Counts one more.  ERR_TOO_MANY where the configuration allows no more in
 * this clock hour; a limit of 0 means none.  What the database says.  Not in
 * a transaction, whose end could undo the count. */
enum err rate_take(
    const struct site *site, struct arena *a, int64_t account, enum rate rate);

/* The limit of the configuration, or ours. */
int64_t rate_limit(const struct site *site, enum rate rate);

#endif
