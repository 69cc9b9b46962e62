/* Images: decoding them elsewhere, storing what comes of it. */
#include "domain/image.h"
#include "base/log.h"
#include "base/random.h"
#include "media/derive.h"
#include "store/sql.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
	SIZES_MAX = 3,
	KEY_CHARS = 26,
	FORGET_S = 15 /* longer than nginx takes to fetch an image */
};

/* The sizes of each use; a letter is the end of the object's key. */
static const struct {
	size_t count;
	char letters[SIZES_MAX];
	struct media_size sizes[SIZES_MAX];
} uses[] = {
    [IMAGE_POST] = {3, {'l', 'm', 's'},
	{{1600, false, 82}, {640, false, 82}, {320, true, 80}}},
    [IMAGE_PICTURE] = {2, {'s', 't'}, {{320, true, 82}, {96, true, 82}}},
};

static size_t
count_of(enum image_use use)
{
	assert(uses[use].count <= SIZES_MAX);
	return uses[use].count;
}

static struct media_limits
limits_of(const struct site *site)
{
	struct media_limits limits = media_limits_default();
	const struct conf *c = site->conf;

	limits.max_pixels = c->image_pixels;
	limits.max_file_bytes = c->image_bytes;
	limits.address_space_bytes = c->decoder_memory_bytes;
	limits.cpu_s = c->decoder_cpu_s;
	limits.wall_ms = c->decoder_wall_ms;
	limits.decoders = c->decoders;
	limits.queue = c->decoder_queue;
	limits.lock_fd = site->decoder_lock;
	return limits;
}

static enum err
object_key(char *room, struct str key, char letter, struct str *out)
{
	const char end[] = {'-', letter, '.', 'j', 'p', 'g'};

	if (key.len != KEY_CHARS)
		return ERR_INPUT;
	for (size_t i = 0; i < KEY_CHARS; i++)
		room[i] = key.at[i];
	for (size_t i = 0; i < sizeof(end); i++)
		room[KEY_CHARS + i] = end[i];
	*out = (struct str){room, KEY_CHARS + sizeof(end)};
	return OK;
}

static void
close_all(const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
}

/* Files without names for what the decoder makes. */
static enum err
open_outputs(const struct site *site, int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fds[i] =
		    open(site->spool, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (fds[i] < 0) {
			log_event(LOG_ERROR, "no file for an image",
			    LOG_Z("folder", site->spool), LOG_ERRNO());
			close_all(fds, count);
			return ERR_IO;
		}
	}
	return OK;
}

static enum err
put_all(const struct site *site, enum image_use use, struct str key,
    const int *fds, const struct media_result *result)
{
	char room[KEY_CHARS + 8];

	for (size_t i = 0; i < count_of(use); i++) {
		struct str object = key;
		enum err e =
		    object_key(room, key, uses[use].letters[i], &object);

		if (e == OK)
			e = object_put(site->store, OBJECT_PUBLIC, object,
			    fds[i], result->made[i].bytes, (struct str){0});
		if (e != OK) {
			image_erase(site, use, key);
			return e;
		}
	}
	return OK;
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
	struct media_limits limits = limits_of(site);
	enum err e = media_derive(&limits, site->decoder, fd, uses[use].sizes,
	    count_of(use), outputs, result);

	if (e == ERR_INPUT) {
		log_event(LOG_INFO, "image refused",
		    LOG_Z("why", media_refusal_name(result->refusal)),
		    LOG_INT("bytes", result->bytes));
		return say_refusal(a, &limits, result, complaint);
	}
	return e;
}

enum err
image_make(const struct site *site, struct arena *a, enum image_use use, int fd,
    struct image_made *out, struct str *complaint)
{
	struct media_result result = {0};
	int fds[SIZES_MAX] = {-1, -1, -1};
	struct str key;
	enum err e;

	TRY(random_key(a, &key));
	TRY(open_outputs(site, fds, count_of(use)));
	e = derive(site, a, use, fd, fds, &result, complaint);
	if (e == OK)
		e = put_all(site, use, key, fds, &result);
	close_all(fds, count_of(use));
	TRY(e);
	*out = (struct image_made){.key = key,
	    .colour = result.colour,
	    .was_animated = result.is_animated};
	if (use == IMAGE_POST) {
		out->width = result.made[0].width_px;
		out->height = result.made[0].height_px;
		out->m_width = result.made[1].width_px;
	}
	return OK;
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

enum err
image_hide(const struct site *site, enum image_use use, struct str key)
{
	char room[KEY_CHARS + 8];
	enum err worst = OK;

	for (size_t i = 0; i < count_of(use); i++) {
		struct str object = key;
		enum err e =
		    object_key(room, key, uses[use].letters[i], &object);

		if (e == OK)
			e = object_move(
			    site->store, object, OBJECT_PUBLIC, OBJECT_HIDDEN);
		if (e == OK)
			e = forget_later(site, object);
		if (e == OK)
			continue;
		log_event(LOG_ERROR, "object not hidden",
		    LOG_STR("object", object), LOG_ERR(e));
		if (e != ERR_ABSENT) /* a later try would not find it either */
			worst = e;
	}
	return worst;
}

bool
image_is_unnamed_after(enum err e)
{
	return e != OK && e != ERR_LOST && e != ERR_MEMORY && e != ERR_INTERNAL;
}

void
image_erase(const struct site *site, enum image_use use, struct str key)
{
	char room[KEY_CHARS + 8];

	for (size_t i = 0; i < count_of(use); i++) {
		struct str object = key;
		enum err e =
		    object_key(room, key, uses[use].letters[i], &object);

		if (e == OK)
			e = object_erase(site->store, OBJECT_PUBLIC, object);
		if (e != OK)
			log_event(LOG_WARN, "orphan left",
			    LOG_STR("object", object), LOG_ERR(e));
	}
}

enum err
image_erase_everywhere(
    const struct site *site, enum image_use use, struct str key)
{
	char room[KEY_CHARS + 8];

	for (size_t i = 0; i < count_of(use); i++) {
		struct str object;

		TRY(object_key(room, key, uses[use].letters[i], &object));
		TRY(object_erase(site->store, OBJECT_PUBLIC, object));
		TRY(object_erase(site->store, OBJECT_HIDDEN, object));
		TRY(forget_later(site, object));
	}
	return OK;
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

enum err
image_look(const struct site *site, enum image_use use, struct str key,
    bool is_public, enum image_presence *out)
{
	enum object_space right = is_public ? OBJECT_PUBLIC : OBJECT_HIDDEN;
	enum object_space wrong = is_public ? OBJECT_HIDDEN : OBJECT_PUBLIC;
	enum image_presence presence = IMAGE_COMPLETE;
	char room[KEY_CHARS + 8];

	for (size_t i = 0; i < count_of(use); i++) {
		struct str object;
		bool has;

		TRY(object_key(room, key, uses[use].letters[i], &object));
		TRY(has_object(site, right, object, &has));
		if (has)
			continue;
		TRY(has_object(site, wrong, object, &has));
		if (!has)
			presence = IMAGE_MISSING;
		else if (presence == IMAGE_COMPLETE)
			presence = IMAGE_MISPLACED;
	}
	*out = presence;
	return OK;
}

enum err
image_url(struct arena *a, struct str key, char size, struct url *out)
{
	static const char pattern[] = "/i/ab/";
	size_t from = sizeof(pattern) - 1;
	char *at;
	struct str object;

	if (key.len == 0) {
		*out = (struct url){0};
		return OK;
	}
	at = arena_alloc(a, from + KEY_CHARS + 8);
	if (at == NULL)
		return ERR_MEMORY;
	TRY(object_key(at + from, key, size, &object));
	for (size_t i = 0; i < from; i++)
		at[i] = pattern[i];
	at[3] = key.at[0];
	at[4] = key.at[1];
	*out = (struct url){{at, from + object.len}};
	return OK;
}

enum err
image_stem(struct arena *a, struct str key, struct url *out)
{
	TRY(image_url(a, key, 'l', out));
	if (key.len > 0)
		out->text =
		    str_slice(out->text, 0, out->text.len - strlen("-l.jpg"));
	return OK;
}
