/* Liking and unliking. */
#include "domain/like.h"
#include "base/metrics.h"
#include "domain/rate.h"
#include "domain/viewer.h"

enum err
like_add(const struct site *site, struct arena *a, int64_t account,
    int64_t post, int64_t *likes)
{
	struct sql_like_insert_row row;

	TRY(rate_take(site, a, account, RATE_LIKE));
	viewer_ask(site, account);
	TRY(sql_like_insert(
	    site->db, a, &(struct sql_like_insert_in){account, post}, &row));
	*likes = row.likes;
	metrics_count(METRIC_ACTIONS, AT(METRICS_ACTION_LIKE), 1);
	return OK;
}

enum err
like_remove(const struct site *site, struct arena *a, int64_t account,
    int64_t post, int64_t *likes)
{
	struct sql_like_delete_row row;

	viewer_ask(site, account);
	TRY(sql_like_delete(
	    site->db, a, &(struct sql_like_delete_in){account, post}, &row));
	*likes = row.likes;
	return OK;
}
