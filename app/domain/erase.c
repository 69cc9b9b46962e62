/* Erasing accounts. */
#include "domain/erase.h"
#include "base/log.h"
#include "domain/image.h"
#include "store/sql.h"

/* All sizes of each image of a list of struct sql_erase_keys_row. */
static enum err
erase_all(const struct site *site, enum image_use use, struct list keys,
    struct erase_report *report)
{
	const struct sql_erase_keys_row *rows = keys.items;

	for (size_t i = 0; i < keys.count; i++)
		TRY(image_erase_everywhere(site, use, rows[i].key));
	report->images += (int64_t)keys.count;
	return OK;
}

static enum err
erase_images(const struct site *site, struct arena *a, int64_t account,
    struct erase_report *report)
{
	struct list images, pictures;

	sql_erase_keys_ask(
	    site->db, &(struct sql_erase_keys_in){account}, &images);
	sql_erase_pictures_ask(
	    site->db, &(struct sql_erase_pictures_in){account}, &pictures);
	TRY(db_sync(site->db, a));
	TRY(erase_all(site, IMAGE_POST, images, report));
	return erase_all(site, IMAGE_PICTURE, pictures, report);
}

/* Inboxes come after posts and accounts, as with everybody who writes. */
static enum err
erase_rows(const struct site *site, struct arena *a, int64_t account,
    struct erase_report *report)
{
	sql_erase_likes_ask(
	    site->db, &(struct sql_erase_likes_in){account}, NULL);
	sql_erase_follows_ask(
	    site->db, &(struct sql_erase_follows_in){account}, NULL);
	sql_erase_comments_ask(
	    site->db, &(struct sql_erase_comments_in){account}, NULL);
	sql_erase_notifications_ask(
	    site->db, &(struct sql_erase_notifications_in){account}, NULL);
	sql_erase_posts_ask(
	    site->db, &(struct sql_erase_posts_in){account}, &report->posts);
	sql_erase_account_ask(
	    site->db, &(struct sql_erase_account_in){account}, NULL);
	return db_sync(site->db, a);
}

/* Whoever was about to post is waited for, and so is the job that adds WebP to
 * what was posted since erase_hide; neither does so afterwards. */
static enum err
erase_rest(const struct site *site, struct arena *a, int64_t account,
    struct erase_report *report)
{
	struct list images, pictures;
	struct sql_account_hold_row held;

	TRY(sql_account_hold(
	    site->db, a, &(struct sql_account_hold_in){account}, &held));
	sql_erase_new_keys_ask(
	    site->db, &(struct sql_erase_new_keys_in){account}, &images);
	sql_erase_pictures_ask(
	    site->db, &(struct sql_erase_pictures_in){account}, &pictures);
	TRY(db_sync(site->db, a));
	TRY(erase_all(site, IMAGE_POST, images, report));
	TRY(erase_all(site, IMAGE_PICTURE, pictures, report));
	report->images -= (int64_t)pictures.count;
	return erase_rows(site, a, account, report);
}

enum err
erase_account(const struct site *site, struct arena *a, struct str name,
    struct erase_report *report)
{
	struct sql_erase_find_row found;
	enum err e;

	*report = (struct erase_report){0};
	TRY(sql_erase_find(
	    site->db, a, &(struct sql_erase_find_in){name}, &found));
	TRY(sql_erase_hide(
	    site->db, a, &(struct sql_erase_hide_in){found.id}, NULL));
	TRY(erase_images(site, a, found.id, report));
	db_begin(site->db);
	e = erase_rest(site, a, found.id, report);
	if (e != OK) {
		db_rollback(site->db);
		return e;
	}
	TRY(db_commit(site->db, a));
	log_event(LOG_INFO, "account erased", LOG_INT("erased", found.id),
	    LOG_INT("posts", report->posts), LOG_INT("images", report->images));
	return OK;
}
