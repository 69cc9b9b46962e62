/* What the simulator's interface answers, with the shapes by which it is
 * written: the names of members are the simulator's.
 */
#ifndef PIXLPIX_VIEW_SIM_H
#define PIXLPIX_VIEW_SIM_H

#include "base/shape.h"

struct sim_latest {
	int64_t latest; /* -1: none yet */
};

struct sim_message {
	struct str content;
	int64_t pub_date; /* seconds since 1970 */
	struct str user;
};

struct sim_follows {
	struct list follows; /* of struct str */
};

struct sim_error {
	int64_t status;
	struct str error_msg;
};

extern const struct shape shape_sim_latest;
extern const struct shape shape_sim_message;
extern const struct shape shape_sim_follows;
extern const struct shape shape_sim_error;

#endif
