/* Erasing an account with everything in it, as the terms promise.
 *
 * Posts leave everybody's sight first, then the objects are erased, then the
 * rows; whatever interrupts this, doing it again finishes it.
 */
#ifndef PIXLPIX_DOMAIN_ERASE_H
#define PIXLPIX_DOMAIN_ERASE_H

#include "domain/site.h"

struct erase_report {
	int64_t posts;
	int64_t images;
};

/* ERR_ABSENT where there is no such account; ERR_STORE where an object could
 * not be erased: the rows are then kept, so that nothing is forgotten. */
enum err erase_account(const struct site *site, struct arena *a,
    struct str name, struct erase_report *report);

#endif
