/* Every object of one store, in batches, into another. */
#include "store/transfer.h"

#include "base/log.h"
#include "store/checksum.h"

#include <string.h>
#include <unistd.h>

enum {
	BATCH = 500,
	ARENA_BYTES = 4 * 1024 * 1024,
	KEY_ROOM = 128,
	FAILURES_MAX = 20 /* in a row: a store is away */
};

struct transfer {
	struct object_store *from;
	struct object_store *to;
	const struct transfer_options *options;
	struct transfer_progress *progress;
	struct arena *arena; /* of one batch */
	int64_t failures;    /* in a row */
};

/* One object on its way. */
struct cargo {
	enum object_space space;
	struct str key;
	int fd; /* as `from` gave it */
	int64_t size_bytes;
	char sum[CHECKSUM_CHARS];
};

static void
tell(const struct transfer *t)
{
	if (t->options->said != NULL)
		t->options->said(t->options->user, t->progress);
}

/* ---- all of them ---- */

typedef enum err visitor(struct transfer *t, enum object_space space,
    const struct object_entry *entry);

static enum err
visit_space(struct transfer *t, enum object_space space, visitor *visit)
{
	char room[KEY_ROOM];
	struct str after = {0};
	struct list entries;

	do {
		const struct object_entry *entry;

		TRY(object_list(t->from, space, (struct str){0}, after, BATCH,
		    t->arena, &entries));
		entry = entries.items;
		for (size_t i = 0; i < entries.count; i++)
			TRY(visit(t, space, &entry[i]));
		if (entries.count > 0) {
			struct str last = entry[entries.count - 1].key;

			memcpy(room, last.at, last.len);
			after = (struct str){room, last.len};
		}
		arena_reset(t->arena);
	} while (entries.count == BATCH);
	return OK;
}

/* What is hidden comes last: an object may become hidden meanwhile, and must
 * then not have been looked for in vain. */
static enum err
visit_all(struct transfer *t, visitor *visit)
{
	TRY(visit_space(t, OBJECT_PUBLIC, visit));
	return visit_space(t, OBJECT_HIDDEN, visit);
}

static enum err
count_one(struct transfer *t, enum object_space space,
    const struct object_entry *entry)
{
	(void)space;
	t->progress->objects++;
	t->progress->bytes += entry->size_bytes;
	return OK;
}

/* ---- one of them ---- */

static enum err
differs(const struct cargo *c, const char *why)
{
	log_event(LOG_WARN, "object in the other store is not the same",
	    LOG_STR("key", c->key), LOG_Z("why", why));
	return ERR_CONFLICT;
}

/* OK where `to` holds the same bytes, ERR_CONFLICT where others. */
static enum err
compare(struct transfer *t, const struct cargo *c)
{
	char sum[CHECKSUM_CHARS];
	int64_t size;
	enum err e;
	int fd;

	TRY(object_get(t->to, c->space, c->key, &fd, &size));
	if (size != c->size_bytes) {
		(void)close(fd);
		return differs(c, "it has another size");
	}
	e = checksum_file(fd, size, sum);
	(void)close(fd);
	TRY(e);
	return memcmp(sum, c->sum, sizeof(sum)) == 0
	           ? OK
	           : differs(c, "it has another checksum");
}

/* What was deleted in `from` while it was copied must not stay in `to`. */
static enum err
follow_deletion(struct transfer *t, const struct cargo *c)
{
	struct object_entry entry;
	enum err e = object_head(t->from, c->space, c->key, &entry);

	if (e != ERR_ABSENT)
		return e;
	TRY(object_erase(t->to, c->space, c->key));
	return ERR_ABSENT;
}

static enum err
send(struct transfer *t, const struct cargo *c)
{
	enum err e = object_put(t->to, c->space, c->key, c->fd, c->size_bytes,
	    (struct str){c->sum, sizeof(c->sum)});

	/* The mirror may have been faster. */
	if (e != ERR_CONFLICT)
		TRY(e);
	TRY(follow_deletion(t, c));
	TRY(compare(t, c));
	t->progress->copied++;
	t->progress->copied_bytes += c->size_bytes;
	return OK;
}

/* `to` has one of that name. */
static enum err
settle_present(struct transfer *t, const struct cargo *c)
{
	enum err e = compare(t, c);

	if (e == OK)
		t->progress->present++;
	if (e != ERR_CONFLICT)
		return e;
	TRY(object_erase(t->to, c->space, c->key));
	return send(t, c);
}

static enum err
carry(struct transfer *t, struct cargo *c, bool is_present)
{
	enum err e =
	    object_get(t->from, c->space, c->key, &c->fd, &c->size_bytes);

	TRY(e);
	e = checksum_file(c->fd, c->size_bytes, c->sum);
	if (e == OK)
		e = is_present ? settle_present(t, c) : send(t, c);
	(void)close(c->fd);
	return e;
}

static enum err
copy_one(struct transfer *t, enum object_space space,
    const struct object_entry *entry)
{
	struct cargo c = {.space = space, .key = entry->key};
	struct object_entry there;
	enum err e = object_head(t->to, space, entry->key, &there);

	if (e == OK && there.size_bytes == entry->size_bytes &&
	    !t->options->verifies) {
		t->progress->present++;
		return OK;
	}
	if (e != OK && e != ERR_ABSENT)
		return e;
	return carry(t, &c, e == OK);
}

/* What was hidden in `from` while nothing reached `to` is still public there.
 */
static enum err
withdraw(struct transfer *t, struct str key)
{
	struct object_entry entry;
	enum err e = object_head(t->to, OBJECT_PUBLIC, key, &entry);

	if (e != OK)
		return e == ERR_ABSENT ? OK : e;
	e = object_head(t->from, OBJECT_PUBLIC, key, &entry);
	if (e != ERR_ABSENT)
		return e;
	TRY(object_erase(t->to, OBJECT_PUBLIC, key));
	t->progress->withdrawn++;
	return OK;
}

static enum err
visit_one(struct transfer *t, enum object_space space,
    const struct object_entry *entry)
{
	enum err e = copy_one(t, space, entry);

	if (e == OK && space == OBJECT_HIDDEN)
		e = withdraw(t, entry->key);
	t->progress->seen++;
	t->progress->seen_bytes += entry->size_bytes;
	if (e == ERR_MEMORY)
		return e;
	if (e == ERR_ABSENT) {
		t->progress->vanished++;
		e = OK;
	}
	if (e != OK) {
		log_event(LOG_ERROR, "object not copied",
		    LOG_STR("key", entry->key), LOG_ERR(e));
		t->progress->failed++;
		if (++t->failures == FAILURES_MAX)
			return e;
	} else {
		t->failures = 0;
	}
	tell(t);
	return OK;
}

enum err
transfer_run(struct object_store *from, struct object_store *to,
    const struct transfer_options *options, struct transfer_progress *out)
{
	struct transfer t = {.from = from,
	    .to = to,
	    .options = options,
	    .progress = out,
	    .arena = arena_make(ARENA_BYTES)};
	enum err e;

	*out = (struct transfer_progress){0};
	if (t.arena == NULL)
		return ERR_MEMORY;
	e = visit_all(&t, count_one);
	if (e == OK)
		e = visit_all(&t, visit_one);
	arena_free(t.arena);
	return e == OK && out->failed > 0 ? ERR_STORE : e;
}
