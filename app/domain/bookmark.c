/* Saving posts. */
#include "domain/bookmark.h"
#include "domain/rate.h"
#include "domain/viewer.h"

enum err
bookmark_add(
    const struct site *site, struct arena *a, int64_t account, int64_t post)
{
	struct sql_bookmark_insert_row row;

	TRY(rate_take(site, a, account, RATE_BOOKMARK));
	viewer_ask(site, account);
	return sql_bookmark_insert(
	    site->db, a, &(struct sql_bookmark_insert_in){account, post}, &row);
}

enum err
bookmark_remove(
    const struct site *site, struct arena *a, int64_t account, int64_t post)
{
	struct sql_bookmark_delete_row row;

	viewer_ask(site, account);
	return sql_bookmark_delete(
	    site->db, a, &(struct sql_bookmark_delete_in){account, post}, &row);
}
