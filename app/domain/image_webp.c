/* WebP beside the JPEGs of an image, made when nobody waits for it. */
#include "base/log.h"
#include "domain/image.h"
#include "domain/image_parts.h"
#include "store/sql.h"

#include <unistd.h>

enum {
	PARTS = 100,
	PARTS_KEPT = 95,       /* of the JPEG's bytes */
	CLEAR_PARTS_KEPT = 200 /* where the JPEG lacks the transparency */
};

struct webps {
	struct media_result result;
	int fds[IMAGE_SIZES_MAX];
	int64_t kept; /* sizes, as rows say them */
};

/* The encoder has compared with a JPEG of its own; the one that is served may
 * have been made with another quality. */
static enum err
is_worth_it(const struct site *site, struct str key, size_t i,
    const struct media_picture *made, bool *is)
{
	int64_t parts = made->has_alpha ? CLEAR_PARTS_KEPT : PARTS_KEPT;
	size_t count;
	struct object_entry entry;
	struct str object;
	char room[IMAGE_NAME_MAX];
	enum err e;

	TRY(image_object(
	    room, key, image_jpegs(IMAGE_POST, &count)[i], &object));
	e = object_head(site->store, OBJECT_PUBLIC, object, &entry);
	if (e == ERR_ABSENT) /* of a private account */
		e = object_head(site->store, OBJECT_HIDDEN, object, &entry);
	*is = e == OK && made->bytes * PARTS <= entry.size_bytes * parts;
	return e == ERR_ABSENT ? OK : e;
}

static enum err
choose(const struct site *site, struct str key, struct webps *w)
{
	for (size_t i = 0; i < IMAGE_SIZES_MAX; i++) {
		const struct media_picture *made = &w->result.made[i];
		bool is = false;

		if (made->bytes > 0)
			TRY(is_worth_it(site, key, i, made, &is));
		if (is)
			w->kept |= (int64_t)1 << i;
		if (is && made->has_alpha)
			w->kept |= IMAGE_WEBP_CLEAR;
	}
	return OK;
}

/* Whatever is wrong with the file, trying again would not mend it. */
static enum err
make(const struct site *site, struct str key, struct str original,
    struct webps *w)
{
	struct media_limits limits = image_limits(site);
	struct media_size sizes[IMAGE_SIZES_MAX];
	struct media_task task = {.sizes = sizes,
	    .count = IMAGE_SIZES_MAX,
	    .format = MEDIA_AS_WEBP,
	    .out_fds = w->fds,
	    .original_fd = -1};
	int64_t bytes;
	enum err e;

	TRY(object_get(
	    site->store, OBJECT_HIDDEN, original, &task.in_fd, &bytes));
	image_sizes(site, IMAGE_POST, sizes);
	limits.max_file_bytes = bytes; /* it was accepted once */
	e = media_run(&limits, site->decoder, &task, &w->result);
	(void)close(task.in_fd);
	if (e == ERR_INPUT) {
		log_event(LOG_WARN, "no WebP of an image", LOG_STR("key", key),
		    LOG_Z("why", media_refusal_name(w->result.refusal)));
		w->result = (struct media_result){0};
		return OK;
	}
	return e;
}

static enum err
publish(const struct site *site, struct arena *a, struct str key,
    const struct webps *w, bool keeps_original)
{
	struct sql_webp_set_in in = {
	    .key = key, .webp = w->kept, .keeps_original = keeps_original};
	struct image_sums sums = {0};
	struct sql_webp_lock_row row;
	bool is_there;
	size_t count;
	const struct str *ends = image_webps(IMAGE_POST, &count);

	TRY(sql_webp_lock(
	    site->db, a, &(struct sql_webp_lock_in){key}, &row, &is_there));
	if (!is_there)
		return OK;
	/* What an earlier try has left is not named by any row. */
	for (size_t i = 0; i < count; i++)
		if ((w->kept >> i & 1) != 0)
			TRY(image_put(site, &sums,
			    &(struct image_file){
				row.is_private ? OBJECT_HIDDEN : OBJECT_PUBLIC,
				ends[i], w->fds[i], w->result.made[i].bytes},
			    key, true));
	TRY(image_sums_write(site, &sums));
	return sql_webp_set(site->db, a, &in, NULL);
}

enum err
image_add_webp(const struct site *site, struct arena *a, struct str key)
{
	bool keeps = site->conf->keep_originals != 0;
	struct sql_webp_find_row row;
	struct webps w = {0};
	struct str original;
	bool is_found;
	enum err e;

	TRY(sql_webp_find(
	    site->db, a, &(struct sql_webp_find_in){key}, &row, &is_found));
	if (!is_found)
		return OK;
	TRY(image_original(a, key, &original));
	TRY(image_open_files(site, w.fds, IMAGE_SIZES_MAX));
	e = make(site, key, original, &w);
	if (e == ERR_ABSENT) { /* erased by a try that did not end */
		e = OK;
		keeps = false;
	}
	if (e == OK)
		e = choose(site, key, &w);
	if (e == OK)
		e = publish(site, a, key, &w, keeps);
	image_close_files(w.fds, IMAGE_SIZES_MAX);
	if (e == OK && !keeps)
		e = object_erase(site->store, OBJECT_HIDDEN, original);
	return e;
}
