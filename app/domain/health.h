/* Whether what the site stands on does its work. */
#ifndef PIXLPIX_DOMAIN_HEALTH_H
#define PIXLPIX_DOMAIN_HEALTH_H

#include "domain/site.h"

struct health {
	bool has_database; /* answers a query */
	bool has_store;    /* would take an object: object_ready */
	bool has_decoder;  /* makes a picture of one, or is busy with others */
};

/* Tries all three.  Who asks again within two seconds gets the same answer, so
 * that nobody can keep the decoder at work by asking.  ERR_MEMORY, ERR_IO
 * where not even that could be tried. */
enum err health_check(
    const struct site *site, struct arena *a, struct health *out);

#endif
