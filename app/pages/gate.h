/* The one way in: from a request to its answer.
 *
 * Finds the route, the viewer and the form, refuses what the route table does
 * not allow (login, cross-site requests, a form's missing token), calls the
 * handler, and turns its failure into a page.
 */
#ifndef PIXLPIX_PAGES_GATE_H
#define PIXLPIX_PAGES_GATE_H

#include "pages/routes.h"

struct gate {
	const struct site *site;
	const struct route_table *routes;
	const struct route_table *api;
	const struct route_table *sim; /* pages/sim.h */
	const struct tpl_set *views;
	const struct assets *assets;
};

/* Answers one request; *r is complete whatever happens, and the database
 * connection at rest.  What the answer holds lives in `a`. */
void gate_answer(const struct gate *gate, struct arena *a,
    const struct request *request, struct response *r);

/* The names of all routes as the figures count them (base/metrics.h): those of
 * the gate's tables, and at last "none" for addresses without a route.  *out
 * has const char pointers.  ERR_MEMORY. */
enum err gate_route_names(
    struct arena *a, const struct gate *gate, struct list *out);

#endif
