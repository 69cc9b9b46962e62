/* Following and unfollowing. */
#include "domain/follow.h"
#include "base/metrics.h"
#include "domain/rate.h"
#include "store/sql.h"

static void
ask_lock(const struct site *site, int64_t account, struct str name)
{
	sql_follow_lock_ask(
	    site->db, &(struct sql_follow_lock_in){account, name}, NULL);
}

enum err
follow_add(
    const struct site *site, struct arena *a, int64_t account, struct str name)
{
	TRY(rate_take(site, a, account, RATE_FOLLOW));
	return follow_add_uncounted(site, a, account, name);
}

enum err
follow_add_uncounted(
    const struct site *site, struct arena *a, int64_t account, struct str name)
{
	struct sql_follow_insert_row row;

	ask_lock(site, account, name);
	TRY(sql_follow_insert(
	    site->db, a, &(struct sql_follow_insert_in){account, name}, &row));
	metrics_count(METRIC_ACTIONS, AT(METRICS_ACTION_FOLLOW), 1);
	return OK;
}

enum err
follow_remove(
    const struct site *site, struct arena *a, int64_t account, struct str name)
{
	struct sql_follow_delete_row row;

	ask_lock(site, account, name);
	return sql_follow_delete(
	    site->db, a, &(struct sql_follow_delete_in){account, name}, &row);
}
