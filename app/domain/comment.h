/* Comments. */
#ifndef PIXLPIX_DOMAIN_COMMENT_H
#define PIXLPIX_DOMAIN_COMMENT_H

#include "domain/site.h"

/* Comments on a post, and tells its owner and who is mentioned (struct str,
 * lower case, each once).  The same form sent again changes nothing. ERR_ABSENT
 * where the account sees no such post.  The text has passed the rules. */
enum err comment_make(const struct site *site, struct arena *a, int64_t account,
    int64_t post, struct str text, struct list mentions, struct str form_key);

/* Takes a comment away; its author may, and the owner of the post.  *post is
 * where it stood.  ERR_ABSENT, ERR_FORBIDDEN. */
enum err comment_delete(const struct site *site, struct arena *a,
    int64_t account, int64_t comment, int64_t *post);

#endif
