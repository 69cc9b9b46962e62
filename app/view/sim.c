/* The shapes of the simulator's interface. */
#include "view/sim.h"

#define T struct sim_latest
SHAPE(shape_sim_latest, T, SHAPE_FIELD(T, latest));
#undef T

#define T struct sim_message
SHAPE(shape_sim_message, T, SHAPE_FIELD(T, content), SHAPE_FIELD(T, pub_date),
    SHAPE_FIELD(T, user));
#undef T

#define T struct sim_follows
SHAPE(shape_sim_follows, T, SHAPE_LIST_OF(T, follows, NULL));
#undef T

#define T struct sim_error
SHAPE(shape_sim_error, T, SHAPE_FIELD(T, status), SHAPE_FIELD(T, error_msg));
#undef T
