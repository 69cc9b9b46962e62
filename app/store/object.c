/* What holds for every back end: keys are checked before they reach it. */
#include "store/object.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/checksum.h"

#include <string.h>

enum {
	KEY_MIN_BYTES = 3,
	KEY_MAX_BYTES = 100
};

static bool
is_key_byte(char c, size_t at)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return true;
	return at >= 2 && (c == '-' || c == '.');
}

static bool
is_key_part(struct str key)
{
	for (size_t i = 0; i < key.len; i++) {
		if (!is_key_byte(key.at[i], i))
			return false;
		if (i > 0 && key.at[i] == '.' && key.at[i - 1] == '.')
			return false;
	}
	return key.len <= KEY_MAX_BYTES;
}

bool
object_is_key(struct str key)
{
	return key.len >= KEY_MIN_BYTES && is_key_part(key);
}

static enum err
check_key(struct str key)
{
	if (object_is_key(key))
		return OK;
	log_event(LOG_WARN, "object key refused", LOG_INT("bytes", key.len));
	return ERR_INPUT;
}

static enum metrics_kind
kind_of(const struct object_store *store)
{
	static const char *const names[METRICS_KIND_COUNT_] = {
	    [METRICS_KIND_DIR] = "dir",
	    [METRICS_KIND_S3] = "s3",
	    [METRICS_KIND_MIRROR] = "mirror",
	    [METRICS_KIND_OTHER] = ""};
	enum metrics_kind kind = METRICS_KIND_DIR;

	while (kind != METRICS_KIND_OTHER &&
	       strcmp(store->backend->name, names[kind]) != 0)
		kind++;
	return kind;
}

/* Counts a call that began at `began_us` and gave `e`, which it returns. */
static enum err
note(const struct object_store *store, enum metrics_store operation,
    int64_t began_us, enum err e)
{
	enum metrics_kind kind = kind_of(store);

	metrics_time(METRIC_STORE, AT(kind, operation), began_us);
	if (e != OK)
		metrics_count(METRIC_STORE_FAIL, AT(kind, operation, e), 1);
	return e;
}

enum err
object_prepare(struct object_store *store)
{
	return store->backend->prepare(store);
}

enum err
object_ready(struct object_store *store, struct arena *arena)
{
	const struct str nothing = STR("health-check");
	struct list found;
	enum err e;

	if (store->backend->ready != NULL)
		return store->backend->ready(store, arena);
	e = object_list(
	    store, OBJECT_PUBLIC, nothing, (struct str){0}, 1, arena, &found);
	if (e == OK)
		e = object_list(store, OBJECT_HIDDEN, nothing, (struct str){0},
		    1, arena, &found);
	return e == OK || e == ERR_MEMORY ? e : ERR_STORE;
}

void
object_close(struct object_store *store)
{
	if (store != NULL)
		store->backend->close(store);
}

enum err
object_put(struct object_store *store, enum object_space space, struct str key,
    int fd, int64_t size_bytes, struct str sha256)
{
	TRY(check_key(key));
	if (size_bytes < 0 || (sha256.len != 0 && sha256.len != CHECKSUM_CHARS))
		return ERR_INPUT;
	int64_t began_us = clock_monotonic_us();

	return note(store, METRICS_STORE_PUT, began_us,
	    store->backend->put(store, space, key, fd, size_bytes, sha256));
}

enum err
object_get(struct object_store *store, enum object_space space, struct str key,
    int *fd, int64_t *size_bytes)
{
	TRY(check_key(key));
	int64_t began_us = clock_monotonic_us();

	return note(store, METRICS_STORE_GET, began_us,
	    store->backend->get(store, space, key, fd, size_bytes));
}

enum err
object_head(struct object_store *store, enum object_space space, struct str key,
    struct object_entry *out)
{
	TRY(check_key(key));
	int64_t began_us = clock_monotonic_us();

	return note(store, METRICS_STORE_HEAD, began_us,
	    store->backend->head(store, space, key, out));
}

enum err
object_copy(struct object_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	TRY(check_key(key));
	if (from == to)
		return ERR_INTERNAL;
	int64_t began_us = clock_monotonic_us();

	return note(store, METRICS_STORE_COPY, began_us,
	    store->backend->copy(store, key, from, to));
}

enum err
object_move(struct object_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	TRY(check_key(key));
	if (from == to)
		return ERR_INTERNAL;
	int64_t began_us = clock_monotonic_us();

	return note(store, METRICS_STORE_MOVE, began_us,
	    store->backend->move(store, key, from, to));
}

bool
object_is_cached(const struct object_store *store)
{
	return store->backend->forget != NULL;
}

enum err
object_inner_address(struct object_store *store, enum object_space space,
    struct str key, struct arena *arena, struct str *out)
{
	TRY(check_key(key));
	return store->backend->inner_address(store, space, key, arena, out);
}

enum err
object_forget(struct object_store *store, struct str key)
{
	TRY(check_key(key));
	if (store->backend->forget == NULL)
		return OK;
	int64_t began_us = clock_monotonic_us();

	return note(store, METRICS_STORE_FORGET, began_us,
	    store->backend->forget(store, key));
}

enum err
object_erase(
    struct object_store *store, enum object_space space, struct str key)
{
	TRY(check_key(key));
	int64_t began_us = clock_monotonic_us();

	return note(store, METRICS_STORE_ERASE, began_us,
	    store->backend->erase(store, space, key));
}

enum err
object_list(struct object_store *store, enum object_space space,
    struct str prefix, struct str after, size_t limit, struct arena *arena,
    struct list *entries)
{
	if (!is_key_part(prefix) || !is_key_part(after))
		return ERR_INPUT;
	if (limit == 0) {
		*entries = (struct list){0};
		return OK;
	}
	int64_t began_us = clock_monotonic_us();

	return note(store, METRICS_STORE_LIST, began_us,
	    store->backend->list(
		store, space, prefix, after, limit, arena, entries));
}

enum err
object_address(struct str key, struct arena *arena, struct str *out)
{
	TRY(check_key(key));
	return arena_printf(arena, out, "/i/%.2s/%.*s", key.at, STR_ARG(key));
}
