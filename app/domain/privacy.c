/* Becoming private or public. */
#include "domain/privacy.h"
#include "base/log.h"
#include "domain/rate.h"
#include "domain/reach.h"
#include "store/sql.h"

/* *job is 0 where nothing has changed. */
static enum err
change(const struct site *site, struct arena *a, int64_t account,
    bool is_private, int64_t *job)
{
	struct sql_privacy_set_in in = {account, is_private};
	struct sql_account_hold_row held;
	struct sql_privacy_set_row row;
	bool is_changed = false;
	enum err e;

	*job = 0;
	db_begin(site->db);
	/* A statement of its own: the next one sees what those did who were
	 * posting, following or making WebP. */
	e = sql_account_hold(
	    site->db, a, &(struct sql_account_hold_in){account}, &held);
	if (e == OK)
		e = sql_privacy_set(site->db, a, &in, &row, &is_changed);
	if (e != OK) {
		db_rollback(site->db);
		return e;
	}
	TRY(db_commit(site->db, a));
	if (is_changed)
		*job = row.job;
	return OK;
}

enum err
privacy_set(
    const struct site *site, struct arena *a, int64_t account, bool is_private)
{
	struct sql_privacy_find_in in = {account};
	struct sql_privacy_find_row now;
	bool is_there = false;
	int64_t job;

	TRY(sql_privacy_find(site->db, a, &in, &now, &is_there));
	if (!is_there)
		return ERR_ABSENT;
	if (now.is_private == is_private)
		return OK;
	if (now.is_simulated)
		return ERR_FORBIDDEN;
	TRY(rate_take(site, a, account, RATE_PRIVACY));
	TRY(change(site, a, account, is_private, &job));
	if (job == 0)
		return OK;
	log_event(LOG_INFO,
	    is_private ? "account made private" : "account made public",
	    LOG_INT("changed", account));
	reach_now(site, a, account, job);
	return OK;
}
