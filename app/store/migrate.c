/* Applying the numbered files of the schema. */
#include "store/migrate.h"

#include "base/digest.h"
#include "base/log.h"
#include "store/sql.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	DIGITS = 4,
	COUNT_MAX = 9999,
	FILE_MAX_BYTES = 16 * 1024 * 1024,
	ARENA_BYTES = 256 * 1024 * 1024,
	TRIES = 75, /* five minutes, with what each waits itself */
	REST_MS = 2000
};

/* One file of the folder. */
struct step {
	int64_t number;
	struct str name; /* of the file */
	struct str sql;
	struct str sha256;
};

struct steps {
	struct step *items; /* items[i] has number i + 1 */
	size_t count;
};

/* One run. */
struct run {
	struct arena *arena;
	struct db *db;
	struct migrate_report *report;
};

static enum err
refuse(enum err e, const char *event, struct str name, int64_t number)
{
	log_write(LOG_ERROR, event,
	    (const struct log_field[]){
		LOG_STR("name", name), LOG_INT("number", number), {0}});
	return e;
}

/* ---- the folder ---- */

static enum err
read_bytes(int fd, size_t size, struct arena *arena, struct str *out)
{
	char *at = arena_alloc(arena, size);
	size_t got = 0;

	if (at == NULL)
		return ERR_MEMORY;
	while (got < size) {
		ssize_t n = read(fd, at + got, size - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_IO;
		got += (size_t)n;
	}
	*out = (struct str){at, size};
	return OK;
}

static enum err
read_file(int folder, const char *name, struct arena *arena, struct str *out)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	enum err e = ERR_IO;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size <= FILE_MAX_BYTES)
		e = read_bytes(fd, (size_t)st.st_size, arena, out);
	if (e != OK)
		log_event(LOG_ERROR, "migration cannot be read", LOG_ERRNO(),
		    LOG_Z("name", name));
	if (fd >= 0)
		(void)close(fd);
	return e;
}

/* The number in "0007_likes.sql"; ERR_INPUT where the name is no such. */
static enum err
parse_name(struct str name, int64_t *number)
{
	struct str stem = str_slice(name, 0, name.len - strlen(".sql"));

	if (stem.len < DIGITS + 2 || stem.at[DIGITS] != '_')
		return ERR_INPUT;
	for (size_t i = 0; i < stem.len; i++) {
		char c = stem.at[i];
		bool is_digit = c >= '0' && c <= '9';

		if (!is_digit &&
		    (i < DIGITS || !((c >= 'a' && c <= 'z') || c == '_')))
			return ERR_INPUT;
	}
	return str_parse_int(str_slice(stem, 0, DIGITS), 1, COUNT_MAX, number);
}

static enum err
add_step(struct run *run, int folder, const char *name, struct step *items)
{
	unsigned char digest[DIGEST_BYTES];
	struct step step;

	if (parse_name(str_from(name), &step.number) != OK)
		return refuse(ERR_INPUT, "migration is not named NNNN_name.sql",
		    str_from(name), 0);
	if (items[step.number].number != 0)
		return refuse(ERR_INPUT, "migration number used twice",
		    str_from(name), step.number);
	TRY(arena_copy(run->arena, str_from(name), &step.name));
	TRY(read_file(folder, name, run->arena, &step.sql));
	TRY(digest_sha256(step.sql, digest));
	TRY(digest_hex(run->arena,
	    (struct str){(const char *)digest, sizeof(digest)}, &step.sha256));
	items[step.number] = step;
	return OK;
}

static enum err
scan_folder(struct run *run, DIR *stream, struct steps *out)
{
	struct step *items =
	    arena_array(run->arena, COUNT_MAX + 1, sizeof(*items));
	size_t count = 0;

	if (items == NULL)
		return ERR_MEMORY;
	for (;;) {
		struct dirent *d;

		errno = 0;
		d = readdir(stream);
		if (d == NULL && errno != 0) {
			log_event(LOG_ERROR, "schema folder cannot be read",
			    LOG_ERRNO());
			return ERR_IO;
		}
		if (d == NULL)
			break;
		if (d->d_name[0] == '.' ||
		    !str_ends(str_from(d->d_name), STR(".sql")))
			continue;
		TRY(add_step(run, dirfd(stream), d->d_name, items));
		count++;
	}
	for (size_t i = 1; i <= count; i++)
		if (items[i].number == 0)
			return refuse(ERR_INPUT, "migration is missing",
			    STR(""), (int64_t)i);
	*out = (struct steps){items + 1, count};
	return OK;
}

static enum err
read_folder(struct run *run, const char *folder, struct steps *out)
{
	DIR *stream = opendir(folder);
	enum err e;

	if (stream == NULL) {
		log_event(LOG_ERROR, "schema folder cannot be read",
		    LOG_ERRNO(), LOG_Z("folder", folder));
		return ERR_IO;
	}
	e = scan_folder(run, stream, out);
	(void)closedir(stream);
	return e;
}

/* ---- the database ---- */

/* What has been applied must be what the folder begins with, or begin with what
 * the folder has. */
static enum err
compare_records(struct list records, const struct steps *steps)
{
	const struct sql_migration_list_row *rows = records.items;

	for (size_t i = 0; i < records.count; i++) {
		if (rows[i].number != (int64_t)i + 1)
			return refuse(ERR_CONFLICT,
			    "migration is missing in the database's record",
			    STR(""), (int64_t)i + 1);
		/* Of a later release, on whose schema we still run. */
		if (i >= steps->count)
			continue;
		if (!str_equal(rows[i].name, steps->items[i].name))
			return refuse(ERR_CONFLICT,
			    "applied migration had another name", rows[i].name,
			    rows[i].number);
		if (!str_equal(rows[i].sha256, steps->items[i].sha256))
			return refuse(ERR_CONFLICT,
			    "applied migration was edited afterwards",
			    rows[i].name, rows[i].number);
	}
	return OK;
}

static enum err
try_step(struct run *run, const struct step *step)
{
	enum err e;

	db_begin(run->db);
	sql_migration_patience_ask(run->db, NULL);
	e = db_script(run->db, step->sql);
	if (e != OK) {
		db_rollback(run->db);
		return e;
	}
	sql_migration_add_ask(run->db,
	    &(struct sql_migration_add_in){
		step->number, step->name, step->sha256},
	    NULL);
	return db_commit(run->db, run->arena);
}

/* A step that has to wait for a table, of which a backup reads all, would make
 * everybody wait who comes after it: it lets go, and tries again. */
static enum err
apply(struct run *run, const struct step *step)
{
	enum err e = try_step(run, step);

	for (int i = 1; e == ERR_BUSY && i < TRIES; i++) {
		log_event(LOG_WARN,
		    "migration waits for a table that somebody works with",
		    LOG_STR("name", step->name));
		(void)poll(NULL, 0, REST_MS);
		e = try_step(run, step);
	}
	if (e != OK)
		return refuse(e, "migration failed, nothing of it was kept",
		    step->name, step->number);
	run->report->applied++;
	log_event(LOG_INFO, "migration applied", LOG_STR("name", step->name));
	return OK;
}

static enum err
apply_missing(struct run *run, const struct steps *steps)
{
	struct list records;

	sql_migration_lock_ask(run->db, NULL);
	TRY(db_sync(run->db, run->arena));
	sql_migration_table_ask(run->db, NULL);
	sql_migration_list_ask(run->db, &records);
	TRY(db_sync(run->db, run->arena));
	TRY(compare_records(records, steps));
	run->report->present = (int64_t)records.count;
	if (records.count > steps->count) {
		run->report->later = (int64_t)(records.count - steps->count);
		log_event(LOG_WARN, "database is newer than these programs",
		    LOG_INT("steps", run->report->later));
	}
	for (size_t i = records.count; i < steps->count; i++)
		TRY(apply(run, &steps->items[i]));
	return OK;
}

enum err
migrate_apply(
    const char *conninfo, const char *folder, struct migrate_report *report)
{
	struct run run = {arena_make(ARENA_BYTES), NULL, report};
	struct steps steps;
	enum err e;

	*report = (struct migrate_report){0};
	if (run.arena == NULL)
		return ERR_MEMORY;
	e = read_folder(&run, folder, &steps);
	if (e == OK)
		e = db_open_with(conninfo, NULL, &run.db);
	if (e == OK)
		e = apply_missing(&run, &steps);
	db_close(run.db);
	arena_free(run.arena);
	return e;
}
