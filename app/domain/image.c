/* Images: decoding them elsewhere, storing what comes of it. */
#include "domain/image.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"
#include "domain/image_parts.h"
#include "store/sql.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
	PICTURE_EDGE = 320,
	THUMB_EDGE = 96,
	PICTURE_QUALITY = 82,
	FORGET_S = 15 /* longer than nginx takes to fetch an image */
};

static const struct {
	size_t count;
	struct str jpegs[IMAGE_SIZES_MAX];
	size_t webp_count;
	struct str webps[IMAGE_SIZES_MAX];
} uses[] = {
    [IMAGE_POST] = {3, {STR("l.jpg"), STR("m.jpg"), STR("s.jpg")}, 3,
	{STR("l.webp"), STR("m.webp"), STR("s.webp")}},
    [IMAGE_PICTURE] = {2, {STR("s.jpg"), STR("t.jpg")}, 0, {{0}}},
};

const struct str *
image_jpegs(enum image_use use, size_t *count)
{
	*count = uses[use].count;
	return uses[use].jpegs;
}

const struct str *
image_webps(enum image_use use, size_t *count)
{
	*count = uses[use].webp_count;
	return uses[use].webps;
}

void
image_sizes(const struct site *site, enum image_use use,
    struct media_size sizes[IMAGE_SIZES_MAX])
{
	const struct conf *c = site->conf;

	switch (use) {
	case IMAGE_POST:
		sizes[IMAGE_LARGE] = (struct media_size){
		    c->large_px, false, (int)c->large_quality};
		sizes[IMAGE_MIDDLE] = (struct media_size){
		    c->middle_px, false, (int)c->middle_quality};
		sizes[IMAGE_SQUARE] = (struct media_size){
		    c->square_px, true, (int)c->square_quality};
		return;
	case IMAGE_PICTURE:
		sizes[0] =
		    (struct media_size){PICTURE_EDGE, true, PICTURE_QUALITY};
		sizes[1] =
		    (struct media_size){THUMB_EDGE, true, PICTURE_QUALITY};
		return;
	}
}

struct media_limits
image_limits(const struct site *site)
{
	struct media_limits limits = media_limits_default();
	const struct conf *c = site->conf;

	limits.max_pixels = c->image_pixels;
	limits.max_file_bytes = c->image_bytes;
	limits.max_frames = c->image_frames;
	limits.address_space_bytes = c->decoder_memory_bytes;
	limits.cpu_s = c->decoder_cpu_s;
	limits.wall_ms = c->decoder_wall_ms;
	limits.decoders = c->decoders;
	limits.queue = c->decoder_queue;
	limits.lock_fd = site->decoder_lock;
	limits.background = (uint32_t)c->background;
	return limits;
}

enum err
image_object(
    char room[IMAGE_NAME_MAX], struct str key, struct str end, struct str *out)
{
	size_t n = 0;

	if (key.len != IMAGE_KEY_CHARS ||
	    end.len >= IMAGE_NAME_MAX - IMAGE_KEY_CHARS)
		return ERR_INPUT;
	for (size_t i = 0; i < key.len; i++)
		room[n++] = key.at[i];
	room[n++] = '-';
	for (size_t i = 0; i < end.len; i++)
		room[n++] = end.at[i];
	*out = (struct str){room, n};
	return OK;
}

enum err
image_original(struct arena *a, struct str key, struct str *out)
{
	char *room = arena_alloc(a, IMAGE_NAME_MAX);

	return room == NULL ? ERR_MEMORY
	                    : image_object(room, key, IMAGE_ORIGINAL, out);
}

void
image_close_files(const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
}

enum err
image_open_files(const struct site *site, int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fds[i] =
		    open(site->spool, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (fds[i] < 0) {
			log_event(LOG_ERROR, "no file for an image",
			    LOG_Z("folder", site->spool), LOG_ERRNO());
			image_close_files(fds, i);
			return ERR_IO;
		}
	}
	return OK;
}

/* The last of the files is the original, where there is one. */
static enum err
put_all(const struct site *site, enum image_use use, enum object_space space,
    struct str key, const int *fds, const struct media_result *result)
{
	size_t count = uses[use].count;
	struct image_sums sums = {0};
	struct image_file file = {.space = space};
	enum err e = OK;

	for (size_t i = 0; e == OK && i < count; i++) {
		file.end = uses[use].jpegs[i];
		file.fd = fds[i];
		file.bytes = result->made[i].bytes;
		e = image_put(site, &sums, &file, key, false);
	}
	if (e == OK && result->original_bytes > 0) {
		file = (struct image_file){OBJECT_HIDDEN, IMAGE_ORIGINAL,
		    fds[count], result->original_bytes};
		e = image_put(site, &sums, &file, key, false);
	}
	if (e == OK)
		e = image_sums_write(site, &sums);
	if (e != OK)
		image_erase(site, use, key);
	return e;
}

static enum err
say_refusal(struct arena *a, const struct media_limits *limits,
    const struct media_result *result, struct str *complaint)
{
	struct buf b = {0};
	enum err e;

	media_put_refusal(&b, limits, result);
	e = buf_check(&b);
	if (e == OK)
		e = arena_copy(a, buf_str(&b), complaint);
	buf_free(&b);
	return e == OK ? ERR_INPUT : e;
}

static enum err
derive(const struct site *site, struct arena *a, enum image_use use, int fd,
    const int *outputs, struct media_result *result, struct str *complaint)
{
	struct media_limits limits = image_limits(site);
	struct media_size sizes[IMAGE_SIZES_MAX];
	size_t count = uses[use].count;
	struct media_task task = {.in_fd = fd,
	    .sizes = sizes,
	    .count = count,
	    .format = MEDIA_AS_JPEG,
	    .out_fds = outputs,
	    .original_fd = use == IMAGE_POST ? outputs[count] : -1};
	enum err e;

	image_sizes(site, use, sizes);
	e = media_run(&limits, site->decoder, &task, result);
	if (e == ERR_INPUT) {
		log_event(LOG_INFO, "image refused",
		    LOG_Z("why", media_refusal_name(result->refusal)),
		    LOG_INT("bytes", result->bytes));
		return say_refusal(a, &limits, result, complaint);
	}
	return e;
}

static struct str
extension_of(enum media_kind kind)
{
	static const struct str ends[MEDIA_KIND_COUNT_] = {
	    [MEDIA_KIND_JPEG] = STR("jpg"),
	    [MEDIA_KIND_PNG] = STR("png"),
	    [MEDIA_KIND_GIF] = STR("gif"),
	    [MEDIA_KIND_WEBP] = STR("webp"),
	    [MEDIA_KIND_HEIC] = STR("heic"),
	    [MEDIA_KIND_AVIF] = STR("avif"),
	};

	return ends[kind];
}

static enum err
describe(struct arena *a, enum image_use use, struct str key,
    const struct media_result *result, struct image_made *out)
{
	struct image_made made = {.key = key,
	    .colour = result->colour,
	    .was_animated = result->is_animated};

	if (use == IMAGE_POST) {
		made.width = result->made[IMAGE_LARGE].width_px;
		made.height = result->made[IMAGE_LARGE].height_px;
		made.m_width = result->made[IMAGE_MIDDLE].width_px;
		if (result->original_bytes > 0)
			made.original = extension_of(result->kind);
		TRY(arena_copy(a, str_from(result->camera), &made.camera));
	}
	*out = made;
	return OK;
}

enum err
image_make(const struct site *site, struct arena *a, enum image_use use,
    enum object_space space, int fd, struct image_made *out,
    struct str *complaint)
{
	struct media_result result = {0};
	int fds[IMAGE_SIZES_MAX + 1];
	size_t count = uses[use].count + (use == IMAGE_POST);
	struct str key;
	enum err e;

	TRY(random_key(a, &key));
	TRY(image_open_files(site, fds, count));
	e = derive(site, a, use, fd, fds, &result, complaint);
	if (e == OK)
		e = put_all(site, use, space, key, fds, &result);
	image_close_files(fds, count);
	TRY(e);
	metrics_count(METRIC_UPLOADS, AT(0), 1);
	metrics_count(METRIC_UPLOAD_BYTES, AT(0), result.bytes);
	return describe(a, use, key, &result, out);
}

/* Nginx may be fetching it just now, and would keep it: a job looks again. */
static enum err
forget_later(const struct site *site, struct str object)
{
	struct arena *a;
	enum err e;

	if (!object_is_cached(site->store))
		return OK;
	a = arena_make(64 * 1024);
	e = a == NULL ? ERR_MEMORY
	              : sql_job_later(site->db, a,
			    &(struct sql_job_later_in){
				STR("object_forget"), object, FORGET_S},
			    NULL);
	arena_free(a);
	return e;
}

/* Where `may_lack` an object that is nowhere is no failure. */
static enum err
move_one(const struct site *site, struct str key, struct str end, bool may_lack,
    enum object_space to)
{
	enum object_space from =
	    to == OBJECT_HIDDEN ? OBJECT_PUBLIC : OBJECT_HIDDEN;
	char room[IMAGE_NAME_MAX];
	struct str object = key;
	enum err e = image_object(room, key, end, &object);

	if (e == OK)
		e = object_move(site->store, object, from, to);
	if (e == OK && to == OBJECT_HIDDEN)
		e = forget_later(site, object);
	if (e == OK || (e == ERR_ABSENT && may_lack))
		return OK;
	log_event(LOG_ERROR,
	    to == OBJECT_HIDDEN ? "object not hidden" : "object not shown",
	    LOG_STR("object", object), LOG_ERR(e));
	/* A later try would not find an absent one either. */
	return e == ERR_ABSENT ? OK : e;
}

/* All that strangers may see of an image. */
static enum err
move_all(const struct site *site, enum image_use use, struct str key,
    enum object_space to)
{
	enum err worst = OK;

	for (size_t i = 0; i < uses[use].count; i++) {
		enum err e = move_one(site, key, uses[use].jpegs[i], false, to);

		if (e != OK)
			worst = e;
	}
	for (size_t i = 0; i < uses[use].webp_count; i++) {
		enum err e = move_one(site, key, uses[use].webps[i], true, to);

		if (e != OK)
			worst = e;
	}
	return worst;
}

enum err
image_hide(const struct site *site, enum image_use use, struct str key)
{
	return move_all(site, use, key, OBJECT_HIDDEN);
}

enum err
image_show(const struct site *site, enum image_use use, struct str key)
{
	return move_all(site, use, key, OBJECT_PUBLIC);
}

bool
image_is_unnamed_after(enum err e)
{
	return e != OK && e != ERR_LOST && e != ERR_MEMORY && e != ERR_INTERNAL;
}

/* Every object that an image can have. */
static enum err
erase_one(
    const struct site *site, struct str key, struct str end, bool is_everywhere)
{
	char room[IMAGE_NAME_MAX];
	struct str object;

	TRY(image_object(room, key, end, &object));
	TRY(object_erase(site->store, OBJECT_HIDDEN, object));
	if (str_equal(end, IMAGE_ORIGINAL))
		return OK;
	TRY(object_erase(site->store, OBJECT_PUBLIC, object));
	return is_everywhere ? forget_later(site, object) : OK;
}

/* Goes on after a failure. */
static enum err
erase_all(const struct site *site, enum image_use use, struct str key,
    bool is_everywhere)
{
	enum err first = OK;

	for (size_t i = 0; i < uses[use].count; i++) {
		enum err e =
		    erase_one(site, key, uses[use].jpegs[i], is_everywhere);

		first = first == OK ? e : first;
	}
	for (size_t i = 0; is_everywhere && i < uses[use].webp_count; i++) {
		enum err e = erase_one(site, key, uses[use].webps[i], true);

		first = first == OK ? e : first;
	}
	if (use == IMAGE_POST) {
		enum err e = erase_one(site, key, IMAGE_ORIGINAL, false);

		first = first == OK ? e : first;
	}
	if (first == OK)
		first = image_sums_forget(site, key);
	return first;
}

void
image_erase(const struct site *site, enum image_use use, struct str key)
{
	enum err e = erase_all(site, use, key, false);

	if (e != OK)
		log_event(
		    LOG_WARN, "orphan left", LOG_STR("image", key), LOG_ERR(e));
}

enum err
image_erase_everywhere(
    const struct site *site, enum image_use use, struct str key)
{
	return erase_all(site, use, key, true);
}

/* Whether the space has the object. */
static enum err
has_object(const struct site *site, enum object_space space, struct str object,
    bool *has)
{
	struct object_entry entry;
	enum err e = object_head(site->store, space, object, &entry);

	*has = e == OK;
	return e == ERR_ABSENT ? OK : e;
}

static enum err
look_at(const struct site *site, struct str key, struct str end, bool is_public,
    enum image_presence *worst)
{
	enum object_space right = is_public ? OBJECT_PUBLIC : OBJECT_HIDDEN;
	enum object_space wrong = is_public ? OBJECT_HIDDEN : OBJECT_PUBLIC;
	char room[IMAGE_NAME_MAX];
	struct str object;
	bool has;

	TRY(image_object(room, key, end, &object));
	TRY(has_object(site, right, object, &has));
	if (has)
		return OK;
	TRY(has_object(site, wrong, object, &has));
	if (!has)
		*worst = IMAGE_MISSING;
	else if (*worst == IMAGE_COMPLETE)
		*worst = IMAGE_MISPLACED;
	return OK;
}

enum err
image_look(const struct site *site, enum image_use use,
    const struct image_row *row, enum image_presence *out)
{
	enum image_presence presence = IMAGE_COMPLETE;

	for (size_t i = 0; i < uses[use].count; i++)
		TRY(look_at(site, row->key, uses[use].jpegs[i], row->is_public,
		    &presence));
	for (size_t i = 0; i < uses[use].webp_count; i++)
		if (row->webp >> i & 1)
			TRY(look_at(site, row->key, uses[use].webps[i],
			    row->is_public, &presence));
	if (row->has_original)
		TRY(look_at(site, row->key, IMAGE_ORIGINAL, false, &presence));
	*out = presence;
	return OK;
}

enum err
image_url(struct arena *a, struct str key, char size, struct url *out)
{
	static const char pattern[] = "/i/ab/";
	const char end[] = {size, '.', 'j', 'p', 'g'};
	size_t from = sizeof(pattern) - 1;
	char *at;
	struct str object;

	if (key.len == 0) {
		*out = (struct url){0};
		return OK;
	}
	at = arena_alloc(a, from + IMAGE_NAME_MAX);
	if (at == NULL)
		return ERR_MEMORY;
	TRY(image_object(
	    at + from, key, (struct str){end, sizeof(end)}, &object));
	for (size_t i = 0; i < from; i++)
		at[i] = pattern[i];
	at[3] = key.at[0];
	at[4] = key.at[1];
	*out = (struct url){{at, from + object.len}};
	return OK;
}

enum err
image_stem(struct arena *a, struct str key, bool is_guarded, struct url *out)
{
	if (is_guarded && key.len > 0)
		return arena_printf(
		    a, &out->text, "/private/%.*s", STR_ARG(key));
	TRY(image_url(a, key, 'l', out));
	if (key.len > 0)
		out->text =
		    str_slice(out->text, 0, out->text.len - strlen("-l.jpg"));
	return OK;
}

/* Which of the ends it is, or `count`. */
static size_t
find_end(const struct str *ends, size_t count, struct str end)
{
	size_t i = 0;

	while (i < count && !str_equal(ends[i], end))
		i++;
	return i;
}

enum err
image_name_parse(
    struct str name, struct str *key, struct str *end, int64_t *webp)
{
	const struct str *ends;
	struct str tail;
	size_t count, i;

	if (!object_is_key(name) || name.len <= IMAGE_KEY_CHARS ||
	    name.at[IMAGE_KEY_CHARS] != '-')
		return ERR_ABSENT;
	tail = str_slice(name, IMAGE_KEY_CHARS + 1, name.len);
	*webp = 0;
	ends = image_webps(IMAGE_POST, &count);
	i = find_end(ends, count, tail);
	if (i < count) {
		*webp = (int64_t)1 << i;
	} else {
		ends = image_jpegs(IMAGE_POST, &count);
		if (find_end(ends, count, tail) == count)
			return ERR_ABSENT;
	}
	*key = str_slice(name, 0, IMAGE_KEY_CHARS);
	*end = tail;
	return OK;
}

enum err
image_inner_address(const struct site *site, struct arena *a, struct str key,
    struct str end, bool is_moving, struct str *out)
{
	enum object_space space = OBJECT_HIDDEN;
	char room[IMAGE_NAME_MAX];
	struct str object;
	bool has;

	TRY(image_object(room, key, end, &object));
	if (is_moving) {
		TRY(has_object(site, OBJECT_HIDDEN, object, &has));
		if (!has)
			space = OBJECT_PUBLIC;
	}
	return object_inner_address(site->store, space, object, a, out);
}
