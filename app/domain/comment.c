/* Making and deleting comments. */
#include "domain/comment.h"
#include "base/metrics.h"
#include "domain/notify.h"
#include "domain/rate.h"
#include "domain/viewer.h"

enum err
comment_make(const struct site *site, struct arena *a, int64_t account,
    int64_t post, struct str text, struct list mentions, struct str form_key)
{
	struct sql_comment_insert_in in = {
	    .account = account,
	    .post = post,
	    .body = text,
	    .form_key = form_key,
	    .mentions = notify_some(mentions),
	};
	struct sql_comment_insert_row row;

	TRY(rate_take(site, a, account, RATE_COMMENT));
	viewer_ask(site, account);
	TRY(sql_comment_insert(site->db, a, &in, &row));
	metrics_count(METRIC_ACTIONS, AT(METRICS_ACTION_COMMENT), 1);
	return OK;
}

enum err
comment_delete(const struct site *site, struct arena *a, int64_t account,
    int64_t comment, int64_t *post)
{
	struct sql_comment_delete_in in = {
	    .account = account, .comment = comment};
	struct sql_comment_delete_row row;

	viewer_ask(site, account);
	TRY(sql_comment_delete(site->db, a, &in, &row));
	*post = row.post;
	return row.is_done ? OK : ERR_FORBIDDEN;
}
