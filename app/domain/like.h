/* Likes. */
#ifndef PIXLPIX_DOMAIN_LIKE_H
#define PIXLPIX_DOMAIN_LIKE_H

#include "domain/site.h"

/* Likes a post, or takes it back; doing it twice changes nothing more.
 * *likes is how many there are now.  ERR_ABSENT where the account sees no
 * such post. */
enum err like_add(const struct site *site, struct arena *a, int64_t account,
    int64_t post, int64_t *likes);

enum err like_remove(const struct site *site, struct arena *a, int64_t account,
    int64_t post, int64_t *likes);

#endif
