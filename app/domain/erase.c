/* Erasing accounts. */
#include "domain/erase.h"
#include "base/log.h"
#include "domain/image.h"
#include "store/sql.h"

static enum err
erase_images(const struct site *site, struct arena *a, int64_t account,
    struct str picture, struct erase_report *report)
{
	const struct sql_erase_keys_row *rows;
	struct list keys;

	TRY(sql_erase_keys(
	    site->db, a, &(struct sql_erase_keys_in){account}, &keys));
	rows = keys.items;
	for (size_t i = 0; i < keys.count; i++)
		TRY(image_erase_everywhere(site, IMAGE_POST, rows[i].key));
	if (picture.len > 0)
		TRY(image_erase_everywhere(site, IMAGE_PICTURE, picture));
	report->images = (int64_t)keys.count + (picture.len > 0);
	return OK;
}

static enum err
erase_rows(const struct site *site, struct arena *a, int64_t account,
    struct erase_report *report)
{
	sql_erase_likes_ask(
	    site->db, &(struct sql_erase_likes_in){account}, NULL);
	sql_erase_comments_ask(
	    site->db, &(struct sql_erase_comments_in){account}, NULL);
	sql_erase_follows_ask(
	    site->db, &(struct sql_erase_follows_in){account}, NULL);
	sql_erase_posts_ask(
	    site->db, &(struct sql_erase_posts_in){account}, &report->posts);
	sql_erase_account_ask(
	    site->db, &(struct sql_erase_account_in){account}, NULL);
	return db_sync(site->db, a);
}

enum err
erase_account(const struct site *site, struct arena *a, struct str name,
    struct erase_report *report)
{
	struct sql_erase_find_row found;

	*report = (struct erase_report){0};
	TRY(sql_erase_find(
	    site->db, a, &(struct sql_erase_find_in){name}, &found));
	TRY(sql_erase_hide(
	    site->db, a, &(struct sql_erase_hide_in){found.id}, NULL));
	TRY(erase_images(site, a, found.id, found.picture, report));
	TRY(erase_rows(site, a, found.id, report));
	log_event(LOG_INFO, "account erased", LOG_INT("erased", found.id),
	    LOG_INT("posts", report->posts), LOG_INT("images", report->images));
	return OK;
}
