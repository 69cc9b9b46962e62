/* The route table of the site. */
#ifndef PIXLPIX_ROUTES_H
#define PIXLPIX_ROUTES_H

#include "pages/routes.h"

extern const struct route_table routes;

#endif
