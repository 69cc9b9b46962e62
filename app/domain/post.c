/* Making and deleting posts. */
#include "domain/post.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/metrics.h"
#include "domain/image.h"
#include "domain/notify.h"
#include "domain/rate.h"
#include "store/sql.h"

#include <assert.h>

enum {
	INSERT_TRIES = 8 /* while the author becomes private and public */
};

/* The images of a post as the parallel lists that its statement takes. */
struct columns {
	struct str keys[POST_IMAGES_MAX];
	struct str alts[POST_IMAGES_MAX];
	int64_t widths[POST_IMAGES_MAX];
	int64_t heights[POST_IMAGES_MAX];
	int64_t m_widths[POST_IMAGES_MAX];
	int64_t colours[POST_IMAGES_MAX];
	struct str originals[POST_IMAGES_MAX];
	struct str cameras[POST_IMAGES_MAX];
};

/* The same, and whether the author is private. */
static enum err
begin(const struct site *site, struct arena *a, const struct post_draft *draft,
    int64_t *post, bool *is_found, bool *is_private)
{
	struct sql_post_by_form_key_in in = {
	    .account = draft->account, .form_key = draft->form_key};
	struct sql_post_by_form_key_row earlier;
	struct sql_privacy_find_row author;
	bool is_there = false;

	sql_post_by_form_key_ask(site->db, &in, &earlier, is_found);
	sql_privacy_find_ask(site->db,
	    &(struct sql_privacy_find_in){draft->account}, &author, &is_there);
	TRY(db_sync(site->db, a));
	if (*is_found)
		*post = earlier.id;
	*is_private = is_there && author.is_private;
	return OK;
}

static enum err
find_earlier(const struct site *site, struct arena *a,
    const struct post_draft *draft, int64_t *post, bool *is_found)
{
	struct sql_post_by_form_key_in in = {
	    .account = draft->account, .form_key = draft->form_key};
	struct sql_post_by_form_key_row row;

	TRY(sql_post_by_form_key(site->db, a, &in, &row, is_found));
	if (*is_found)
		*post = row.id;
	return OK;
}

static void
erase_images(const struct site *site, const struct columns *c, size_t count)
{
	for (size_t i = 0; i < count; i++)
		image_erase(site, IMAGE_POST, c->keys[i]);
}

static enum err
make_images(const struct site *site, struct arena *a,
    const struct post_draft *draft, bool is_private, struct columns *c,
    struct post_outcome *out)
{
	enum object_space space = is_private ? OBJECT_HIDDEN : OBJECT_PUBLIC;

	for (size_t i = 0; i < draft->image_count; i++) {
		struct image_made made;
		enum err e = image_make(site, a, IMAGE_POST, space,
		    draft->images[i].fd, &made, &out->complaint);

		if (e != OK) {
			erase_images(site, c, i);
			out->bad = i;
			return e;
		}
		c->keys[i] = made.key;
		c->alts[i] = draft->images[i].alt;
		c->widths[i] = made.width;
		c->heights[i] = made.height;
		c->m_widths[i] = made.m_width;
		c->colours[i] = made.colour;
		c->originals[i] = made.original;
		if (draft->shows_camera)
			c->cameras[i] = made.camera;
		out->has_still |= made.was_animated;
	}
	return OK;
}

/* *is_private is where the images are.  Where the account has become the other
 * meanwhile, nothing is inserted, and it tells; *post stays 0. */
static enum err
insert_once(const struct site *site, struct arena *a,
    const struct post_draft *draft, const struct columns *c, bool *is_private,
    int64_t *post)
{
	size_t n = draft->image_count;
	struct sql_post_insert_in in = {
	    .account = draft->account,
	    .is_private = *is_private,
	    .caption = draft->caption,
	    .form_key = draft->form_key,
	    .keys = {c->keys, n},
	    .widths = {c->widths, n},
	    .heights = {c->heights, n},
	    .m_widths = {c->m_widths, n},
	    .alts = {c->alts, n},
	    .colours = {c->colours, n},
	    .originals = {c->originals, n},
	    .cameras = {c->cameras, n},
	    .tags = draft->tags,
	    .mentions = notify_some(draft->mentions),
	    .fan_out = POST_FAN_OUT,
	};
	struct sql_account_lock_row locked;
	struct sql_post_insert_row row;
	bool is_there = false, is_made = false;

	sql_account_lock_ask(site->db,
	    &(struct sql_account_lock_in){draft->account}, &locked, &is_there);
	TRY(sql_post_insert(site->db, a, &in, &row, &is_made));
	if (is_made)
		*post = row.id;
	else if (!is_there || locked.is_private == *is_private)
		return ERR_ABSENT; /* erased, or suspended */
	else
		*is_private = locked.is_private;
	return OK;
}

static enum err
move_images(const struct site *site, const struct columns *c, size_t count,
    bool is_private)
{
	for (size_t i = 0; i < count; i++)
		TRY((is_private ? image_hide : image_show)(
		    site, IMAGE_POST, c->keys[i]));
	return OK;
}

/* A post never names images that are where it must not have them. */
static enum err
insert(const struct site *site, struct arena *a, const struct post_draft *draft,
    const struct columns *c, bool is_private, int64_t *post)
{
	for (int tries = 0; tries < INSERT_TRIES; tries++) {
		TRY(insert_once(site, a, draft, c, &is_private, post));
		if (*post != 0)
			return OK;
		TRY(move_images(site, c, draft->image_count, is_private));
	}
	return ERR_BUSY;
}

enum err
post_key_with_content(struct arena *a, struct post_draft *draft)
{
	struct buf b = {0};
	unsigned char hash[DIGEST_BYTES];
	struct str bytes = {(const char *)hash, sizeof(hash)};
	enum err e = OK;

	buf_put(&b, draft->form_key);
	buf_put_json(&b, draft->caption);
	buf_put_char(&b, draft->shows_camera ? 'c' : '-');
	for (size_t i = 0; i < draft->image_count && e == OK; i++) {
		buf_put_json(&b, draft->images[i].alt);
		e = digest_file(draft->images[i].fd, hash);
		buf_put(&b, bytes);
	}
	if (e == OK)
		e = buf_check(&b);
	if (e == OK)
		e = digest_sha256(buf_str(&b), hash);
	buf_free(&b);
	TRY(e);
	return digest_base64url(a, bytes, &draft->form_key);
}

enum err
post_make(const struct site *site, struct arena *a,
    const struct post_draft *draft, struct post_outcome *out)
{
	struct columns *c = ARENA_NEW(a, struct columns);
	bool is_found = false, is_private;
	enum err e;

	assert(draft->image_count <= POST_IMAGES_MAX);
	*out = (struct post_outcome){0};
	if (c == NULL)
		return ERR_MEMORY;
	TRY(begin(site, a, draft, &out->post, &is_found, &is_private));
	if (is_found)
		return OK;
	if (!draft->is_uncounted)
		TRY(rate_take(site, a, draft->account, RATE_POST));
	TRY(make_images(site, a, draft, is_private, c, out));
	e = insert(site, a, draft, c, is_private, &out->post);
	if (e == ERR_LOST || e == ERR_CONFLICT) {
		/* It may have committed, or the same form was faster: ask. */
		enum err asked =
		    find_earlier(site, a, draft, &out->post, &is_found);

		if (asked == OK && is_found && e == ERR_LOST)
			return OK;
		if (asked == OK && is_found)
			e = OK;
	}
	if (is_found || image_is_unnamed_after(e))
		erase_images(site, c, draft->image_count);
	if (e == OK && !is_found) {
		metrics_count(METRIC_ACTIONS, AT(METRICS_ACTION_POST), 1);
		log_event(LOG_INFO, "post made", LOG_INT("post", out->post),
		    LOG_INT("images", draft->image_count));
	}
	return e;
}

enum err
post_hide_images(const struct site *site, struct arena *a, int64_t post)
{
	const struct sql_image_keys_row *rows;
	struct list keys;
	enum err worst = OK;

	TRY(sql_image_keys(
	    site->db, a, &(struct sql_image_keys_in){post}, &keys));
	rows = keys.items;
	for (size_t i = 0; i < keys.count; i++) {
		enum err e = image_hide(site, IMAGE_POST, rows[i].key);

		if (e != OK)
			worst = e;
	}
	return worst;
}

void
post_hide_now(const struct site *site, struct arena *a, int64_t post)
{
	enum err e = post_hide_images(site, a, post);

	if (e == OK)
		e = sql_job_done_by_subject(site->db, a,
		    &(struct sql_job_done_by_subject_in){
			STR("object_hide"), post, STR("")},
		    NULL);
	if (e != OK)
		log_event(LOG_WARN, "images of a deleted post left to the job",
		    LOG_INT("post", post), LOG_ERR(e));
}

enum err
post_delete(
    const struct site *site, struct arena *a, int64_t account, int64_t post)
{
	struct sql_post_delete_in in = {.account = account, .post = post};
	struct sql_post_lock_row locked;
	struct sql_post_delete_row row;
	bool was_there, is_found = false;

	sql_post_lock_ask(site->db, &(struct sql_post_lock_in){account, post},
	    &locked, &was_there);
	TRY(sql_post_delete(site->db, a, &in, &row, &is_found));
	if (!is_found)
		return ERR_ABSENT;
	metrics_count(METRIC_ACTIONS, AT(METRICS_ACTION_POST_DELETE), 1);
	log_event(LOG_INFO, "post deleted", LOG_INT("post", post));
	post_hide_now(site, a, post);
	return OK;
}
