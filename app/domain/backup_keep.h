/* Which of many backups are kept. */
#ifndef PIXLPIX_DOMAIN_BACKUP_KEEP_H
#define PIXLPIX_DOMAIN_BACKUP_KEEP_H

#include "base/str.h"

/* Of so many of the last days, weeks (from Monday) and months, UTC, that have
 * a backup, the newest of each is kept. */
struct backup_policy {
	int64_t days;
	int64_t weeks;
	int64_t months;
};

/* True where the name is one of a backup: "20261121T090507Z", a time in UTC. */
bool backup_is_name(struct str name);

/* Fills is_kept[i] for each of the names, which are names of backups in their
 * order.  The last is always kept. */
void backup_keep(const struct str *names, size_t count,
    const struct backup_policy *policy, bool *is_kept);

#endif
