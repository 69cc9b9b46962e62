/* The interface of the MiniTwit simulator, under [simulator] prefix.
 *
 * Its addresses are a route table of their own, whose patterns follow the
 * prefix.  Bodies and answers are JSON; who sends the simulator's name and
 * password (HTTP Basic) acts as anybody.  A message is a post without an
 * image.
 */
#ifndef PIXLPIX_PAGES_SIM_H
#define PIXLPIX_PAGES_SIM_H

#include "pages/routes.h"

/* Whether the request is for the interface, and it is open to its sender. */
bool sim_is(const struct site *site, const struct request *request);

/* Remembers the query's `latest`, finds the route, lets in who may and answers;
 * what fails is for sim_show_error. */
enum err sim_run(struct page *p, const struct route_table *table);

/* What nginx has refused, in the simulator's words. */
enum err sim_show_status(struct page *p, int status);

/* The error in the simulator's words. */
enum err sim_show_error(
    struct page *p, const struct route_table *table, enum err e);

#endif
