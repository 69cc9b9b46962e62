/* Following and unfollowing, asking and answering. */
#include "domain/follow.h"
#include "base/log.h"
#include "base/metrics.h"
#include "domain/rate.h"
#include "store/sql.h"

/* ---- what others may want to hear of; it has committed ---- */

static void
request_made(int64_t follower, int64_t followed)
{
	log_event(LOG_INFO, "asked to follow", LOG_INT("by", follower),
	    LOG_INT("asked", followed));
}

static void
request_accepted(int64_t follower, int64_t followed)
{
	metrics_count(METRIC_ACTIONS, AT(METRICS_ACTION_FOLLOW), 1);
	log_event(LOG_INFO, "let follow", LOG_INT("follower", follower),
	    LOG_INT("by", followed));
}

/* ---- following ---- */

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
	if (row.is_made)
		metrics_count(METRIC_ACTIONS, AT(METRICS_ACTION_FOLLOW), 1);
	if (row.is_asked)
		request_made(account, row.id);
	return OK;
}

static enum err
end_following(const struct site *site, struct arena *a,
    const struct sql_follow_delete_in *in)
{
	struct sql_follow_delete_row row;

	ask_lock(site, in->account, in->name);
	return sql_follow_delete(site->db, a, in, &row);
}

enum err
follow_remove(
    const struct site *site, struct arena *a, int64_t account, struct str name)
{
	return end_following(
	    site, a, &(struct sql_follow_delete_in){account, name, false});
}

/* ---- answering ---- */

enum err
follow_accept(
    const struct site *site, struct arena *a, int64_t account, struct str name)
{
	struct sql_request_accept_in in = {account, name};
	struct sql_request_accept_row row;
	bool is_found = false;

	ask_lock(site, account, name);
	TRY(sql_request_accept(site->db, a, &in, &row, &is_found));
	if (!is_found)
		return ERR_ABSENT;
	request_accepted(row.id, account);
	return OK;
}

enum err
follow_decline(
    const struct site *site, struct arena *a, int64_t account, struct str name)
{
	struct sql_request_decline_in in = {account, name};
	struct sql_request_decline_row row;
	bool is_found = false;

	TRY(sql_request_decline(site->db, a, &in, &row, &is_found));
	return is_found ? OK : ERR_ABSENT;
}

enum err
follow_remove_follower(
    const struct site *site, struct arena *a, int64_t account, struct str name)
{
	return end_following(
	    site, a, &(struct sql_follow_delete_in){account, name, true});
}

enum err
follow_accept_next(
    const struct site *site, struct arena *a, int64_t account, bool *is_more)
{
	struct sql_request_waiting_in in = {account};
	struct sql_request_waiting_row row;
	enum err e;

	TRY(sql_request_waiting(site->db, a, &in, &row, is_more));
	if (!*is_more)
		return OK;
	e = follow_accept(site, a, account, row.name);
	return e == ERR_ABSENT ? OK : e; /* withdrawn meanwhile */
}
