/* Two stores that hold the same: whatever is written goes to both.
 *
 * The first is always changed before the second.  store/transfer.c counts on
 * that: what it brings to the second and then finds gone from the first has
 * been deleted meanwhile.
 */
#include "store/object.h"

#include "base/log.h"

#include <stdlib.h>

struct mirror {
	struct object_store base;
	struct object_store *first;
	struct object_store *second;
};

static struct mirror *
mirror_of(struct object_store *store)
{
	/* The base is the first member. */
	return (struct mirror *)store;
}

static void
say(const char *event, struct str key)
{
	log_event(LOG_WARN, event, LOG_STR("key", key));
}

/* The second store has the key already, perhaps because a transfer was faster
 * than the mirror: the same object has the same size. */
static enum err
settle_taken(struct mirror *m, enum object_space space, struct str key,
    int64_t size_bytes)
{
	struct object_entry entry;

	TRY(object_head(m->second, space, key, &entry));
	return entry.size_bytes == size_bytes ? OK : ERR_CONFLICT;
}

static enum err
mirror_put(struct object_store *store, enum object_space space, struct str key,
    int fd, int64_t size_bytes, struct str sha256)
{
	struct mirror *m = mirror_of(store);
	enum err e;

	TRY(object_put(m->first, space, key, fd, size_bytes, sha256));
	e = object_put(m->second, space, key, fd, size_bytes, sha256);
	if (e == ERR_CONFLICT)
		e = settle_taken(m, space, key, size_bytes);
	if (e == OK)
		return OK;
	say("object is not in the mirror", key);
	if (object_erase(m->first, space, key) != OK)
		say("orphan left", key);
	return e == ERR_ABSENT ? ERR_STORE : e;
}

static enum err
mirror_get(struct object_store *store, enum object_space space, struct str key,
    int *fd, int64_t *size_bytes)
{
	struct mirror *m = mirror_of(store);
	enum err e = object_get(m->first, space, key, fd, size_bytes);

	if (e != ERR_ABSENT && e != ERR_STORE)
		return e;
	if (object_get(m->second, space, key, fd, size_bytes) != OK)
		return e;
	say("object read from the mirror", key);
	return OK;
}

static enum err
mirror_head(struct object_store *store, enum object_space space, struct str key,
    struct object_entry *out)
{
	struct mirror *m = mirror_of(store);
	enum err e = object_head(m->first, space, key, out);

	if (e != ERR_ABSENT && e != ERR_STORE)
		return e;
	return object_head(m->second, space, key, out) == OK ? OK : e;
}

/* What both say of an object that one of them may not have. */
static enum err
both(enum err first, enum err second)
{
	if (first != OK && first != ERR_ABSENT)
		return first;
	if (second != OK && second != ERR_ABSENT)
		return second;
	return first == OK ? OK : second;
}

static enum err
mirror_copy(struct object_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	struct mirror *m = mirror_of(store);
	enum err first = object_copy(m->first, key, from, to);

	return both(first, object_copy(m->second, key, from, to));
}

/* The second store does its part also where the first fails: what is deleted
 * should be out of reach wherever that can be had. */
static enum err
mirror_move(struct object_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	struct mirror *m = mirror_of(store);
	enum err first = object_move(m->first, key, from, to);

	return both(first, object_move(m->second, key, from, to));
}

static enum err
mirror_erase(
    struct object_store *store, enum object_space space, struct str key)
{
	struct mirror *m = mirror_of(store);
	enum err first = object_erase(m->first, space, key);

	return both(first, object_erase(m->second, space, key));
}

static enum err
mirror_list(struct object_store *store, enum object_space space,
    struct str prefix, struct str after, size_t limit, struct arena *arena,
    struct list *entries)
{
	return object_list(mirror_of(store)->first, space, prefix, after, limit,
	    arena, entries);
}

static enum err
mirror_forget(struct object_store *store, struct str key)
{
	enum err first = object_forget(mirror_of(store)->first, key);
	enum err second = object_forget(mirror_of(store)->second, key);

	return first != OK ? first : second;
}

static enum err
mirror_prepare(struct object_store *store)
{
	TRY(object_prepare(mirror_of(store)->first));
	return object_prepare(mirror_of(store)->second);
}

static void
mirror_close(struct object_store *store)
{
	object_close(mirror_of(store)->first);
	object_close(mirror_of(store)->second);
	free(store);
}

static enum err
mirror_inner_address(struct object_store *store, enum object_space space,
    struct str key, struct arena *arena, struct str *out)
{
	return object_inner_address(
	    mirror_of(store)->first, space, key, arena, out);
}

static enum err
mirror_ready(struct object_store *store, struct arena *arena)
{
	struct mirror *m = mirror_of(store);

	TRY(object_ready(m->first, arena));
	return object_ready(m->second, arena);
}

static const struct object_backend backend = {.name = "mirror",
    .inner_address = mirror_inner_address,
    .put = mirror_put,
    .get = mirror_get,
    .head = mirror_head,
    .copy = mirror_copy,
    .move = mirror_move,
    .erase = mirror_erase,
    .list = mirror_list,
    .forget = mirror_forget,
    .prepare = mirror_prepare,
    .ready = mirror_ready,
    .close = mirror_close};

enum err
object_mirror_open(struct object_store *first, struct object_store *second,
    struct object_store **out)
{
	struct mirror *m = malloc(sizeof(*m));

	if (m == NULL)
		return ERR_MEMORY;
	*m = (struct mirror){{&backend}, first, second};
	*out = &m->base;
	return OK;
}
