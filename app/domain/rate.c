/* Actions of an account in an hour. */
#include "domain/rate.h"
#include "base/log.h"
#include "store/sql.h"

enum {
	PRIVACY_PER_HOUR = 20 /* each moves all images of the account */
};

static const struct str kinds[] = {
    [RATE_POST] = STR("post"),
    [RATE_COMMENT] = STR("comment"),
    [RATE_FOLLOW] = STR("follow"),
    [RATE_LIKE] = STR("like"),
    [RATE_BOOKMARK] = STR("bookmark"),
    [RATE_PRIVACY] = STR("privacy"),
};

int64_t
rate_limit(const struct site *site, enum rate rate)
{
	switch (rate) {
	case RATE_POST:
		return site->conf->posts_per_hour;
	case RATE_COMMENT:
		return site->conf->comments_per_hour;
	case RATE_FOLLOW:
		return site->conf->follows_per_hour;
	case RATE_LIKE:
		return site->conf->likes_per_hour;
	case RATE_BOOKMARK:
		return site->conf->bookmarks_per_hour;
	case RATE_PRIVACY:
		return PRIVACY_PER_HOUR;
	}
	return 0;
}

enum err
rate_take(
    const struct site *site, struct arena *a, int64_t account, enum rate rate)
{
	int64_t limit = rate_limit(site, rate);
	struct sql_action_take_row row;

	if (limit == 0)
		return OK;
	TRY(sql_action_take(site->db, a,
	    &(struct sql_action_take_in){account, kinds[rate]}, &row));
	if (row.count <= limit)
		return OK;
	log_event(LOG_INFO, "too often", LOG_STR("what", kinds[rate]),
	    LOG_INT("by", account), LOG_INT("count", row.count));
	return ERR_TOO_MANY;
}
