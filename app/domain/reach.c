/* Moving an account's images to where they belong. */
#include "domain/reach.h"
#include "base/clock.h"
#include "base/log.h"
#include "domain/image.h"
#include "store/sql.h"

enum {
	REACH_BATCH = 50, /* as reach_keys has it */
	NOW_US = 3000000  /* for which somebody waits */
};

static enum err
move_one(
    const struct site *site, enum image_use use, struct str key, bool is_hidden)
{
	return is_hidden ? image_hide(site, use, key)
	                 : image_show(site, use, key);
}

enum err
reach_step(const struct site *site, struct arena *a, int64_t account,
    struct str after, struct str *next)
{
	struct sql_reach_account_row now;
	const struct sql_reach_keys_row *rows;
	struct list keys;
	bool is_found;

	*next = (struct str){0};
	TRY(sql_reach_account(site->db, a,
	    &(struct sql_reach_account_in){account}, &now, &is_found));
	if (!is_found)
		return OK;
	TRY(sql_reach_keys(
	    site->db, a, &(struct sql_reach_keys_in){account, after}, &keys));
	rows = keys.items;
	for (size_t i = 0; i < keys.count; i++)
		TRY(move_one(site, IMAGE_POST, rows[i].key,
		    now.is_suspended || now.is_private));
	if (keys.count == REACH_BATCH) {
		*next = rows[keys.count - 1].key;
		return OK;
	}
	if (now.picture.len > 0)
		TRY(move_one(
		    site, IMAGE_PICTURE, now.picture, now.is_suspended));
	if (!now.is_suspended && !now.is_moving)
		TRY(sql_reach_webp(
		    site->db, a, &(struct sql_reach_webp_in){account}, NULL));
	return OK;
}

enum err
reach_end(
    const struct site *site, struct arena *a, int64_t account, int64_t job)
{
	return sql_reach_end(
	    site->db, a, &(struct sql_reach_end_in){account, job}, NULL);
}

/* One batch in a transaction of its own. */
static enum err
step_now(const struct site *site, struct arena *a, int64_t account, int64_t job,
    struct str after, struct str *next)
{
	enum err e;

	db_begin(site->db);
	e = reach_step(site, a, account, after, next);
	if (e == OK && next->len == 0) {
		sql_reach_done_ask(
		    site->db, &(struct sql_reach_done_in){job}, NULL);
		e = reach_end(site, a, account, job);
	}
	if (e != OK) {
		db_rollback(site->db);
		return e;
	}
	return db_commit(site->db, a);
}

void
reach_now(
    const struct site *site, struct arena *a, int64_t account, int64_t job)
{
	int64_t until_us = clock_monotonic_us() + NOW_US;
	struct str after = STR("");
	enum err e;

	do {
		e = step_now(site, a, account, job, after, &after);
	} while (e == OK && after.len > 0 && clock_monotonic_us() < until_us);
	if (e != OK || after.len > 0)
		log_event(LOG_INFO, "images left to the job",
		    LOG_INT("of", account), LOG_ERR(e));
}
