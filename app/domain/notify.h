/* What members are told (sql/schema/0020_notification.sql has the rules).
 *
 * A notification is written by the statement that does what it tells of, as
 * one more INSERT INTO notification (like_insert.sql is an example), and so in
 * its transaction.  Nobody is told of oneself, and accounts of the simulator
 * are told nothing, since nobody reads it.
 */
#ifndef PIXLPIX_DOMAIN_NOTIFY_H
#define PIXLPIX_DOMAIN_NOTIFY_H

#include "domain/site.h"

enum {
	NOTIFY_MENTIONS_MAX = 10 /* of one text are told; links are more */
};

/* The names of a list of struct str that are told. */
struct list notify_some(struct list names);

/* The account has read all up to the notification `newest`; *unread is how many
 * have come since.  Doing it twice, or with one that was read before, changes
 * nothing more. */
enum err notify_read(const struct site *site, struct arena *a, int64_t account,
    int64_t newest, int64_t *unread);

/* Lets go of some of what was told long ago; *is_more tells whether there may
 * be others. */
enum err notify_thin(const struct site *site, struct arena *a, bool *is_more);

#endif
