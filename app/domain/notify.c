/* Reading what one is told. */
#include "domain/notify.h"
#include "store/sql.h"

enum {
	THIN_BATCH = 1000 /* as notification_thin.sql has it */
};

struct list
notify_some(struct list names)
{
	if (names.count > NOTIFY_MENTIONS_MAX)
		names.count = NOTIFY_MENTIONS_MAX;
	return names;
}

enum err
notify_read(const struct site *site, struct arena *a, int64_t account,
    int64_t newest, int64_t *unread)
{
	struct sql_inbox_read_in in = {.account = account, .newest = newest};
	struct sql_inbox_lock_row locked;
	struct sql_inbox_read_row row = {0};
	bool was_there, is_there = false;

	sql_inbox_lock_ask(site->db, &(struct sql_inbox_lock_in){account},
	    &locked, &was_there);
	TRY(sql_inbox_read(site->db, a, &in, &row, &is_there));
	*unread = is_there ? row.unread : 0;
	return OK;
}

enum err
notify_thin(const struct site *site, struct arena *a, bool *is_more)
{
	struct sql_notification_thin_row row;

	TRY(sql_notification_thin(site->db, a, &row));
	*is_more = row.gone == THIN_BATCH;
	return OK;
}
