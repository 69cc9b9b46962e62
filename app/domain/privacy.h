/* Being private: what one posts is for one's followers, and whoever wants to
 * follow asks (domain/follow.h).
 *
 * Who may see what is said in SQL: the views closed_account and visible_post.
 * Images of a private account's posts are in hidden space and sent by a worker
 * that has looked who asks (pages/private.c).  Profile pictures are everybody's
 * to see.
 */
#ifndef PIXLPIX_DOMAIN_PRIVACY_H
#define PIXLPIX_DOMAIN_PRIVACY_H

#include "domain/site.h"

/* Makes the account private, or public; nothing where it is so already.  From
 * then on strangers see no post of a private one, and its images leave public
 * space: at once where they are few, and in the background.  Who waits for an
 * answer of one that becomes public follows it.  ERR_FORBIDDEN for an account
 * of the simulator's; ERR_TOO_MANY. */
enum err privacy_set(
    const struct site *site, struct arena *a, int64_t account, bool is_private);

#endif
