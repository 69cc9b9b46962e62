/* Making and deleting comments. */
#include "domain/comment.h"
#include "base/metrics.h"
#include "domain/notify.h"
#include "domain/rate.h"
#include "domain/viewer.h"

/* Whether the same form has made it already: then it is there, however many
 * others there are. */
static bool
is_made(const struct site *site, struct arena *a,
    const struct sql_comment_insert_in *in)
{
	struct sql_comment_made_in made = {.account = in->account,
	    .post = in->post,
	    .body = in->body,
	    .form_key = in->form_key};
	struct sql_comment_row row;

	viewer_ask(site, in->account);
	return sql_comment_made(site->db, a, &made, &row) == OK;
}

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
	enum err e = rate_take(site, a, account, RATE_COMMENT);

	if (e == ERR_TOO_MANY && is_made(site, a, &in))
		return OK;
	TRY(e);
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
