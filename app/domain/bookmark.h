/* Bookmarks: posts that a member wants to find again.  Only their owner ever
 * sees them, and nobody is told. */
#ifndef PIXLPIX_DOMAIN_BOOKMARK_H
#define PIXLPIX_DOMAIN_BOOKMARK_H

#include "domain/site.h"

/* Saves a post, or does so no longer; doing it twice changes nothing more.
 * ERR_ABSENT where the account sees no such post; to save, ERR_TOO_MANY where
 * it has saved as many in this hour as the configuration allows. */
enum err bookmark_add(
    const struct site *site, struct arena *a, int64_t account, int64_t post);

enum err bookmark_remove(
    const struct site *site, struct arena *a, int64_t account, int64_t post);

#endif
