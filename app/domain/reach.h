/* Where the images of an account belong: in hidden space while it is suspended
 * or private, in public space otherwise (its profile picture only leaves that
 * when it is suspended).  Whatever changes the one or the other leaves a job
 * `account_reach`, in the same transaction.
 *
 * While the images of an account that has become private or public are on their
 * way, account.is_moving holds and pages name the address of a worker, which
 * finds them in either space.
 */
#ifndef PIXLPIX_DOMAIN_REACH_H
#define PIXLPIX_DOMAIN_REACH_H

#include "domain/site.h"

/* The job's work: moves images to where they belong now, a batch at a time
 * (*next is the key to go on after, empty at the end).  May be repeated.  To be
 * called in a transaction, and reach_end with the job's id in the last. */
enum err reach_step(const struct site *site, struct arena *a, int64_t account,
    struct str after, struct str *next);

enum err reach_end(
    const struct site *site, struct arena *a, int64_t account, int64_t job);

/* The same at once, after the change has committed and left the job: as much
 * as can be done in some seconds.  What fails or remains is the job's. */
void reach_now(
    const struct site *site, struct arena *a, int64_t account, int64_t job);

#endif
