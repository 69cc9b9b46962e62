/* Following. */
#ifndef PIXLPIX_DOMAIN_FOLLOW_H
#define PIXLPIX_DOMAIN_FOLLOW_H

#include "domain/site.h"

/* Follows the account of that name, or stops; doing it twice changes nothing
 * more.  ERR_ABSENT where there is none; ERR_INPUT for oneself. */
enum err follow_add(
    const struct site *site, struct arena *a, int64_t account, struct str name);

/* The same without the hourly limit. */
enum err follow_add_uncounted(
    const struct site *site, struct arena *a, int64_t account, struct str name);

enum err follow_remove(
    const struct site *site, struct arena *a, int64_t account, struct str name);

#endif
