/* What the MiniTwit simulator may do that the site's own rules refuse.
 *
 * Its people have names of any characters, passwords of one, and addresses
 * such as test@test.  They are accounts like all others otherwise.
 */
#ifndef PIXLPIX_DOMAIN_SIM_H
#define PIXLPIX_DOMAIN_SIM_H

#include "domain/site.h"

enum {
	SIM_NAME_MAX = 100 /* characters */
};

struct sim_joining {
	struct str name;
	struct str email;
	struct str password;
};

/* Makes an account.  ERR_INPUT with a complaint in the simulator's words, for
 * the first of: no name, no address with an @, no password, a name that is
 * taken (without regard to case); and for a name that could not stand in an
 * address: longer than SIM_NAME_MAX, or with two dots before or behind a
 * slash. */
enum err sim_join(const struct site *site, struct arena *a,
    const struct sim_joining *joining, struct str *complaint);

/* The account of that name.  ERR_ABSENT. */
enum err sim_find(const struct site *site, struct arena *a, struct str name,
    int64_t *account);

/* Remembers the newest command. */
enum err sim_note_latest(
    const struct site *site, struct arena *a, int64_t latest);

#endif
