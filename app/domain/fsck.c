/* Rows against objects, objects against rows. */
#include "domain/fsck.h"
#include "base/clock.h"
#include "base/log.h"
#include "domain/image_parts.h"
#include "store/sql.h"

#include <unistd.h>

enum {
	BATCH = 500,
	KEY_CHARS = 26,
	UNREADABLE_MAX = 20, /* in a row: the store is away */
	ARENA_BYTES = 16 * 1024 * 1024
};

struct check {
	const struct site *site;
	struct arena *arena; /* of one batch */
	FILE *out;
	const struct fsck_options *options;
	struct fsck_report *report;
};

static void
say(const struct check *c, const char *what, struct str key)
{
	/* Neither holds a character that JSON would have escaped. */
	(void)fprintf(c->out,
	    c->options->is_json ? "{\"fault\":\"%s\",\"name\":\"%.*s\"}\n"
				: "%s %.*s\n",
	    what, STR_ARG(key));
}

/* An image in the wrong space.  What should be seen and is hidden is left to
 * the sysadmin: on a running site its post may just have been deleted. */
static enum err
mend_misplaced(const struct check *c, enum image_use use,
    const struct sql_fsck_image_row *row)
{
	c->report->misplaced++;
	say(c, row->is_public ? "hidden, should be public" : "still public",
	    row->key);
	if (row->is_public ? !c->options->shows : !c->options->repairs)
		return OK;
	if (row->is_public)
		TRY(image_show(c->site, use, row->key));
	else
		TRY(image_hide(c->site, use, row->key));
	c->report->mended++;
	return OK;
}

static enum err
check_row(const struct check *c, enum image_use use,
    const struct sql_fsck_image_row *row)
{
	enum image_presence presence;

	c->report->images++;
	TRY(image_look(c->site, use,
	    &(struct image_row){
		row->key, row->is_public, row->webp, row->has_original},
	    &presence));
	switch (presence) {
	case IMAGE_COMPLETE:
		return OK;
	case IMAGE_MISPLACED:
		return mend_misplaced(c, use, row);
	case IMAGE_MISSING:
		c->report->missing++;
		say(c, "missing", row->key);
		return OK;
	}
	return OK;
}

static enum err
list_rows(const struct check *c, enum image_use use, struct str after,
    struct list *rows)
{
	if (use == IMAGE_PICTURE)
		return sql_fsck_pictures(c->site->db, c->arena,
		    &(struct sql_fsck_pictures_in){after, BATCH}, rows);
	return sql_fsck_images(c->site->db, c->arena,
	    &(struct sql_fsck_images_in){after, BATCH}, rows);
}

/* Keeps a key over the arena's reset. */
static struct str
keep(char *room, size_t size, struct str key)
{
	if (key.len > size)
		key.len = size;
	for (size_t i = 0; i < key.len; i++)
		room[i] = key.at[i];
	return (struct str){room, key.len};
}

static enum err
check_rows(const struct check *c, enum image_use use)
{
	char room[128];
	struct str after = STR("");
	struct list rows;

	do {
		const struct sql_fsck_image_row *row;

		TRY(list_rows(c, use, after, &rows));
		row = rows.items;
		for (size_t i = 0; i < rows.count; i++)
			TRY(check_row(c, use, &row[i]));
		if (rows.count > 0)
			after =
			    keep(room, sizeof(room), row[rows.count - 1].key);
		arena_reset(c->arena);
	} while (rows.count == BATCH);
	return OK;
}

static bool
is_named(struct list rows, struct str key)
{
	const struct sql_fsck_keys_row *row = rows.items;

	for (size_t i = 0; i < rows.count; i++)
		if (str_equal(row[i].key, key))
			return true;
	return false;
}

static enum err
check_object(const struct check *c, enum object_space space,
    const struct object_entry *entry, struct list named)
{
	int64_t age_us = clock_now().us - entry->changed.us;

	c->report->objects++;
	if (is_named(named, str_slice(entry->key, 0, KEY_CHARS)) ||
	    age_us < c->options->grace_s * 1000000)
		return OK;
	c->report->orphans++;
	say(c, "orphan", entry->key);
	if (!c->options->repairs)
		return OK;
	TRY(object_erase(c->site->store, space, entry->key));
	TRY(image_sums_forget(c->site, str_slice(entry->key, 0, KEY_CHARS)));
	c->report->mended++;
	return OK;
}

/* ---- the bytes ---- */

/* Whether the object holds what it should; notes what that is, where it was
 * not known.  ERR_ABSENT where it has gone meanwhile. */
static enum err
compare_bytes(const struct check *c, enum object_space space, struct str object,
    const struct sql_object_sum_find_row *known)
{
	struct image_sums found = {.count = 1, .objects = {object}};
	enum err e;
	int fd;

	TRY(object_get(c->site->store, space, object, &fd, &found.bytes[0]));
	e = checksum_file(fd, found.bytes[0], found.digits[0]);
	(void)close(fd);
	TRY(e);
	found.sums[0] = (struct str){found.digits[0], CHECKSUM_CHARS};
	if (known == NULL) {
		c->report->unknown++;
		return c->options->repairs ? image_sums_write(c->site, &found)
		                           : OK;
	}
	if (known->bytes != found.bytes[0] ||
	    !str_equal(known->sha256, found.sums[0])) {
		c->report->damaged++;
		say(c, "damaged", object);
		return OK;
	}
	c->report->verified++;
	return OK;
}

static const struct sql_object_sum_find_row *
find_known(struct list sums, struct str object)
{
	const struct sql_object_sum_find_row *row = sums.items;

	for (size_t i = 0; i < sums.count; i++)
		if (str_equal(row[i].object, object))
			return &row[i];
	return NULL;
}

/* An object that cannot be read is a finding; a store that is away is not. */
static enum err
check_bytes(const struct check *c, enum object_space space, struct list entries)
{
	const struct object_entry *entry = entries.items;
	struct str *names =
	    arena_array(c->arena, entries.count, sizeof(*names));
	struct list sums;
	int unreadable = 0;

	if (names == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < entries.count; i++)
		names[i] = entry[i].key;
	TRY(sql_object_sum_find(c->site->db, c->arena,
	    &(struct sql_object_sum_find_in){{names, entries.count}}, &sums));
	for (size_t i = 0; i < entries.count; i++) {
		enum err e = compare_bytes(
		    c, space, names[i], find_known(sums, names[i]));

		if (e == ERR_ABSENT)
			continue;
		if (e != ERR_STORE && e != ERR_IO) {
			TRY(e);
			unreadable = 0;
			continue;
		}
		c->report->damaged++;
		say(c, "unreadable", names[i]);
		if (++unreadable == UNREADABLE_MAX)
			return e;
	}
	return OK;
}

static enum err
check_batch(const struct check *c, enum object_space space, struct list entries)
{
	const struct object_entry *entry = entries.items;
	struct str *keys = arena_array(c->arena, entries.count, sizeof(*keys));
	struct list named;

	if (keys == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < entries.count; i++)
		keys[i] = str_slice(entry[i].key, 0, KEY_CHARS);
	TRY(sql_fsck_keys(c->site->db, c->arena,
	    &(struct sql_fsck_keys_in){{keys, entries.count}}, &named));
	for (size_t i = 0; i < entries.count; i++)
		TRY(check_object(c, space, &entry[i], named));
	return c->options->is_deep ? check_bytes(c, space, entries) : OK;
}

static enum err
check_objects(const struct check *c, enum object_space space)
{
	char room[128];
	struct str after = {0};
	struct list entries;

	do {
		const struct object_entry *entry;

		TRY(object_list(c->site->store, space, (struct str){0}, after,
		    BATCH, c->arena, &entries));
		entry = entries.items;
		TRY(check_batch(c, space, entries));
		if (entries.count > 0)
			after = keep(
			    room, sizeof(room), entry[entries.count - 1].key);
		arena_reset(c->arena);
	} while (entries.count == BATCH);
	return OK;
}

static enum err
check_all(const struct check *c)
{
	TRY(check_rows(c, IMAGE_POST));
	TRY(check_rows(c, IMAGE_PICTURE));
	TRY(check_objects(c, OBJECT_PUBLIC));
	return check_objects(c, OBJECT_HIDDEN);
}

enum err
fsck_run(const struct site *site, const struct fsck_options *options, FILE *out,
    struct fsck_report *report)
{
	struct check c = {.site = site,
	    .arena = arena_make(ARENA_BYTES),
	    .out = out,
	    .options = options,
	    .report = report};
	enum err e;

	*report = (struct fsck_report){0};
	if (c.arena == NULL)
		return ERR_MEMORY;
	e = check_all(&c);
	arena_free(c.arena);
	return e;
}
