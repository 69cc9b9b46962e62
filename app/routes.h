/* The route tables of the site. */
#ifndef PIXLPIX_ROUTES_H
#define PIXLPIX_ROUTES_H

#include "pages/routes.h"

extern const struct route_table routes;

/* The same of what programs call. */
extern const struct route_table api_routes;

/* And of what the simulator calls, below its prefix. */
extern const struct route_table sim_routes;

#endif
