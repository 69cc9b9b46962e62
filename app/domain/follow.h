/* Following, and asking for it.
 *
 * Who follows a private account asks, and follows it when its owner has said
 * yes.  What is done twice changes nothing more.  A name that nobody has is
 * ERR_ABSENT.
 */
#ifndef PIXLPIX_DOMAIN_FOLLOW_H
#define PIXLPIX_DOMAIN_FOLLOW_H

#include "domain/site.h"

/* Follows the account of that name, or asks it where it is private.  ERR_INPUT
 * for oneself; ERR_TOO_MANY. */
enum err follow_add(
    const struct site *site, struct arena *a, int64_t account, struct str name);

/* The same without the hourly limit. */
enum err follow_add_uncounted(
    const struct site *site, struct arena *a, int64_t account, struct str name);

/* Stops to follow, or to ask. */
enum err follow_remove(
    const struct site *site, struct arena *a, int64_t account, struct str name);

/* Says yes, or no, to the one of that name who asks to follow the account.
 * ERR_ABSENT where nobody of that name asks (any more). */
enum err follow_accept(
    const struct site *site, struct arena *a, int64_t account, struct str name);

enum err follow_decline(
    const struct site *site, struct arena *a, int64_t account, struct str name);

/* Takes the one of that name from the followers of the account. */
enum err follow_remove_follower(
    const struct site *site, struct arena *a, int64_t account, struct str name);

/* The job after an account has become public: says yes to the next of those
 * who wait for its answer; *is_more tells whether there was one.  In one
 * transaction only once, since two accounts are locked to its end. */
enum err follow_accept_next(
    const struct site *site, struct arena *a, int64_t account, bool *is_more);

#endif
