/* Finding the row of the route table that an address belongs to. */
#ifndef PIXLPIX_PAGES_ROUTES_H
#define PIXLPIX_PAGES_ROUTES_H

#include "pages/page.h"

struct route_table {
	const struct route *rows;
	size_t count;
};

/* What the address of a request gave. */
struct route_match {
	const struct route *route;
	int64_t id;
	struct str text;
};

/* ERR_ABSENT where no row has such an address, ERR_METHOD where one has, but
 * not with that method.  HEAD is GET.  `segments` are of struct str, as a
 * request has them. */
enum err route_find(const struct route_table *table, enum method method,
    struct list segments, struct route_match *out);

/* The methods of an address, as an Allow header says them (RFC 9110 section
 * 10.2.1); empty where there is no such address. */
enum err route_allowed(struct arena *a, const struct route_table *table,
    struct list segments, struct str *out);

#endif
