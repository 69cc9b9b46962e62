/* pixlpixctl: all that people have put into the site, copied and brought back.
 *
 * A backup is a folder of its own: database.dump (pg_dump's custom format),
 * public/ab/KEY and hidden/ab/KEY as in a store that is a folder, and
 * "manifest", the SHA-256 of every file as sha256sum(1) prints and checks it.
 * The dump is made before the objects are looked at: an object is durable
 * before its row, and never changes, so every row of the dump finds its object.
 * What the newest backup beside it has already is linked, not copied.
 */
#include "base/clock.h"
#include "base/log.h"
#include "ctl.h"
#include "ctl_system.h"
#include "domain/site.h"
#include "store/checksum.h"
#include "store/sql.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BATCH = 500,
	ARENA_BYTES = 4 * 1024 * 1024,
	LINE_BYTES = 256,
	COPY_BYTES = 1024 * 1024
};

static const char *const space_names[] = {
    [OBJECT_PUBLIC] = "public", [OBJECT_HIDDEN] = "hidden"};

struct backup {
	struct arena *kept;
	struct arena *arena; /* of one batch */
	const struct conf *conf;
	struct site site;
	int folder;            /* that is being made, or restored */
	const char *newest;    /* path of the backup before, or NULL */
	FILE *old_manifest;    /* of that */
	char line[LINE_BYTES]; /* that was read of it last; or empty */
	FILE *manifest;
	int64_t objects;
	int64_t linked;
	int64_t bytes;
	int64_t record; /* its row in backup_run */
	int cause;      /* errno of an ERR_IO, or 0 */
};

/* ---- the database ---- */

/* libpq's pgpass: what ends a field is escaped. */
static enum err
write_passfile(struct backup *b, const char *path)
{
	struct str file, password;
	const char *file_z;
	FILE *out;
	bool is_whole;

	TRY(conf_secret_path(b->kept, b->conf->password_file, &file));
	TRY(arena_z(b->kept, file, &file_z));
	TRY(system_read(b->kept, file_z, &password));
	password = str_trim(password);
	out = fopen(path, "wxe");
	if (out == NULL)
		return ERR_IO;
	is_whole =
	    fchmod(fileno(out), 0600) == 0 && fputs("*:*:*:*:", out) >= 0;
	for (size_t i = 0; i < password.len; i++) {
		if (password.at[i] == ':' || password.at[i] == '\\')
			is_whole = fputc('\\', out) != EOF && is_whole;
		is_whole = fputc(password.at[i], out) != EOF && is_whole;
	}
	return fclose(out) == 0 && is_whole ? OK : ERR_IO;
}

/* Runs pg_dump or pg_restore with the password where one is needed, which is
 * in a file that is gone afterwards. */
static enum err
run_postgresql(struct backup *b, const char *const words[])
{
	struct str path;
	enum err e = OK;

	TRY(arena_printf(b->kept, &path, "%.*s/pgpass.%d",
	    STR_ARG(b->conf->run_dir), (int)getpid()));
	if (b->conf->password_file.len > 0) {
		e = write_passfile(b, path.at);
		if (e == OK && setenv("PGPASSFILE", path.at, 1) != 0)
			e = ERR_MEMORY;
	}
	if (e == OK && system_run(false, words) != 0)
		e = ERR_DATABASE;
	if (b->conf->password_file.len > 0)
		(void)unlink(path.at);
	return e;
}

static enum err
dump_database(struct backup *b, const char *folder)
{
	struct str file, source;

	TRY(arena_printf(b->kept, &file, "--file=%s/database.dump", folder));
	TRY(arena_printf(
	    b->kept, &source, "--dbname=%.*s", STR_ARG(b->conf->database)));
	{
		const char *const words[] = {"pg_dump", "--format=custom",
		    "--no-owner", "--no-privileges", "--no-password",
		    "--exclude-table-data=backup_run", file.at, source.at,
		    NULL};

		return run_postgresql(b, words);
	}
}

/* In one transaction: all of it or nothing. */
static enum err
restore_database(struct backup *b, const char *folder)
{
	struct str file, target;

	TRY(arena_printf(b->kept, &file, "%s/database.dump", folder));
	TRY(arena_printf(
	    b->kept, &target, "--dbname=%.*s", STR_ARG(b->conf->database)));
	{
		const char *const words[] = {"pg_restore", "--clean",
		    "--if-exists", "--single-transaction", "--exit-on-error",
		    "--no-owner", "--no-privileges", "--no-password", target.at,
		    file.at, NULL};

		return run_postgresql(b, words);
	}
}

/* ---- objects into a backup ---- */

static enum err
note(struct backup *b, const char *digits, const char *path)
{
	return fprintf(b->manifest, "%.64s  %s\n", digits, path) > 0 ? OK
	                                                             : ERR_IO;
}

static enum err
digest_of(int fd, char out[CHECKSUM_CHARS], int64_t *size_bytes)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return ERR_IO;
	*size_bytes = st.st_size;
	return checksum_file(fd, st.st_size, out);
}

static enum err
copy_bytes(int from, int to, int64_t size_bytes)
{
	static char room[COPY_BYTES];

	for (int64_t done = 0; done < size_bytes;) {
		ssize_t got = read(from, room, sizeof(room));

		if (got <= 0 || write(to, room, (size_t)got) != got)
			return ERR_IO;
		done += got;
	}
	return fsync(to) == 0 ? OK : ERR_IO;
}

/* The digest that the backup before has of that path, or NULL.  Both its
 * manifest and the store's list are in byte order, space by space. */
static const char *
find_old(struct backup *b, const char *path)
{
	while (b->old_manifest != NULL) {
		const char *name = b->line + CHECKSUM_CHARS + 2;
		int order;

		if (strlen(b->line) > CHECKSUM_CHARS + 2) {
			/* "public" comes before "hidden" in it. */
			order = name[0] != path[0] ? path[0] - name[0]
			                           : strcmp(name, path);
			if (order == 0)
				return b->line;
			if (order > 0)
				return NULL;
		}
		if (fgets(b->line, sizeof(b->line), b->old_manifest) == NULL) {
			(void)fclose(b->old_manifest);
			b->old_manifest = NULL;
			return NULL;
		}
		b->line[strcspn(b->line, "\n")] = '\0';
	}
	return NULL;
}

static enum err
make_folders(const struct backup *b, const char *space, struct str key)
{
	char path[16];

	(void)snprintf(path, sizeof(path), "%s/%.2s", space, key.at);
	if (mkdirat(b->folder, space, 0700) != 0 && errno != EEXIST)
		return ERR_IO;
	return mkdirat(b->folder, path, 0700) == 0 || errno == EEXIST ? OK
	                                                              : ERR_IO;
}

static enum err
copy_object(
    struct backup *b, enum object_space space, struct str key, const char *path)
{
	char digits[CHECKSUM_CHARS];
	int64_t size_bytes;
	int from, to;
	enum err e = object_get(b->site.store, space, key, &from, &size_bytes);

	if (e == ERR_ABSENT)
		return OK; /* moved to the other space meanwhile, or erased */
	TRY(e);
	to = openat(
	    b->folder, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	e = to < 0 ? ERR_IO : copy_bytes(from, to, size_bytes);
	if (e == OK)
		e = checksum_file(to, size_bytes, digits);
	if (to >= 0)
		(void)close(to);
	(void)close(from);
	TRY(e);
	b->bytes += size_bytes;
	return note(b, digits, path);
}

static enum err
back_up_object(struct backup *b, enum object_space space, struct str key)
{
	const char *old_digits;
	struct str path, old;

	TRY(arena_printf(b->arena, &path, "%s/%.2s/%.*s", space_names[space],
	    key.at, STR_ARG(key)));
	TRY(make_folders(b, space_names[space], key));
	b->objects++;
	old_digits = find_old(b, path.at);
	if (old_digits != NULL) {
		TRY(arena_printf(b->arena, &old, "%s/%s", b->newest, path.at));
		if (linkat(AT_FDCWD, old.at, b->folder, path.at, 0) == 0) {
			b->linked++;
			return note(b, old_digits, path.at);
		}
	}
	return copy_object(b, space, key, path.at);
}

static enum err
back_up_space(struct backup *b, enum object_space space)
{
	char room[128];
	struct str after = {0};
	struct list entries;

	do {
		const struct object_entry *entry;

		TRY(object_list(b->site.store, space, (struct str){0}, after,
		    BATCH, b->arena, &entries));
		entry = entries.items;
		for (size_t i = 0; i < entries.count; i++)
			TRY(back_up_object(b, space, entry[i].key));
		if (entries.count > 0) {
			struct str last = entry[entries.count - 1].key;

			(void)snprintf(
			    room, sizeof(room), "%.*s", STR_ARG(last));
			after = str_from(room);
		}
		arena_reset(b->arena);
	} while (entries.count == BATCH);
	return OK;
}

static enum err
note_database(struct backup *b)
{
	char digits[CHECKSUM_CHARS];
	int64_t size_bytes;
	int fd = openat(b->folder, "database.dump", O_RDONLY | O_CLOEXEC);
	enum err e = fd < 0 ? ERR_IO : digest_of(fd, digits, &size_bytes);

	if (e == OK && fsync(fd) != 0)
		e = ERR_IO;
	if (fd >= 0)
		(void)close(fd);
	TRY(e);
	b->bytes += size_bytes;
	return note(b, digits, "database.dump");
}

static enum err
write_backup(struct backup *b, const char *folder)
{
	int fd = openat(b->folder, "manifest",
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum err e;

	b->manifest = fd < 0 ? NULL : fdopen(fd, "w");
	if (b->manifest == NULL)
		return ERR_IO;
	e = dump_database(b, folder);
	if (e == OK)
		e = back_up_space(b, OBJECT_PUBLIC);
	if (e == OK)
		e = back_up_space(b, OBJECT_HIDDEN);
	if (e == OK)
		e = note_database(b);
	if (fflush(b->manifest) != 0 || fsync(fd) != 0)
		e = e == OK ? ERR_IO : e;
	(void)fclose(b->manifest);
	if (e == OK && syncfs(b->folder) != 0)
		e = ERR_IO;
	return e;
}

/* ---- backups beside each other ---- */

static int
is_backup(const struct dirent *entry)
{
	struct str name = str_from(entry->d_name);

	return name.len == strlen("20261121T090507Z") && name.at[8] == 'T' &&
	       str_ends(name, STR("Z"));
}

static int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static enum err
remove_tree(const char *path)
{
	return nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 ||
	               errno == ENOENT
	           ? OK
	           : ERR_IO;
}

/* The paths of the folders that are chosen, the oldest first. */
static enum err
list_folders(struct backup *b, const char *dir,
    int (*choose)(const struct dirent *), struct list *out)
{
	struct dirent **found;
	int count = scandir(dir, &found, choose, alphasort);
	struct str *names;
	enum err e = OK;

	if (count < 0)
		return ERR_IO;
	names = arena_array(b->kept, (size_t)count + 1, sizeof(*names));
	for (int i = 0; i < count; i++) {
		if (names != NULL && e == OK)
			e = arena_printf(
			    b->kept, &names[i], "%s/%s", dir, found[i]->d_name);
		free(found[i]);
	}
	free(found);
	if (names == NULL)
		return ERR_MEMORY;
	*out = (struct list){.items = names, .count = (size_t)count};
	return e;
}

static enum err
open_newest(struct backup *b, struct list backups)
{
	const struct str *names = backups.items;
	struct str path;

	if (backups.count == 0)
		return OK;
	b->newest = names[backups.count - 1].at;
	TRY(arena_printf(b->kept, &path, "%s/manifest", b->newest));
	b->old_manifest = fopen(path.at, "re");
	return OK;
}

static enum err
thin(struct list backups, int64_t keep)
{
	const struct str *names = backups.items;

	/* The one that was just made is not among them. */
	for (size_t i = 0; i + (size_t)keep <= backups.count; i++)
		TRY(remove_tree(names[i].at));
	return OK;
}

static enum err
make_name(struct backup *b, const char *dir, struct str *out)
{
	struct buf stamp = {0};
	struct str s;
	enum err e;

	clock_put_rfc3339(&stamp, clock_now());
	s = buf_str(&stamp);
	e = buf_check(&stamp);
	if (e == OK)
		e = arena_printf(b->kept, out, "%s/%.4s%.2s%.2s%s%.2s%.2s%.2sZ",
		    dir, s.at, s.at + 5, s.at + 8, "T", s.at + 11, s.at + 14,
		    s.at + 17);
	buf_free(&stamp);
	return e;
}

static int
is_unfinished(const struct dirent *entry)
{
	return str_ends(str_from(entry->d_name), STR("Z.making"));
}

/* What a backup that was broken off has left; nobody else is at work. */
static enum err
clear_unfinished(struct backup *b, const char *dir)
{
	struct list left;
	const struct str *names;

	TRY(list_folders(b, dir, is_unfinished, &left));
	names = left.items;
	for (size_t i = 0; i < left.count; i++)
		TRY(remove_tree(names[i].at));
	return OK;
}

static enum err
fill_folder(struct backup *b, const char *making)
{
	enum err e;

	if (mkdir(making, 0700) != 0)
		return ERR_IO;
	b->folder = open(making, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	e = b->folder < 0 ? ERR_IO : write_backup(b, making);
	if (b->folder >= 0)
		(void)close(b->folder);
	return e;
}

/* ---- what is remembered of it ---- */

static enum err
record_begin(struct backup *b, const char *dir)
{
	struct sql_backup_begin_row row;

	TRY(sql_backup_begin(b->site.db, b->kept,
	    &(struct sql_backup_begin_in){str_from(dir)}, &row));
	b->record = row.id;
	return OK;
}

static void
record_end(struct backup *b, enum err result)
{
	struct sql_backup_end_in in = {.id = b->record,
	    .is_good = result == OK,
	    .objects = b->objects,
	    .bytes = b->bytes,
	    .message = STR("")};
	enum err e;

	if (result != OK)
		in.message = str_from(result == ERR_IO && b->cause != 0
					  ? strerror(b->cause)
					  : err_name(result));
	sql_backup_end_ask(b->site.db, &in, NULL);
	e = db_sync(b->site.db, b->kept);
	if (e != OK)
		log_event(
		    LOG_ERROR, "the backup's end is not noted", LOG_ERR(e));
}

static enum err
make_backup(struct backup *b, const char *dir, int lock, int64_t keep)
{
	struct str name, making;
	struct list backups;
	enum err e;

	TRY(clear_unfinished(b, dir));
	TRY(list_folders(b, dir, is_backup, &backups));
	TRY(make_name(b, dir, &name));
	TRY(arena_printf(b->kept, &making, "%s.making", name.at));
	TRY(open_newest(b, backups));
	e = fill_folder(b, making.at);
	if (e == OK && (rename(making.at, name.at) != 0 || fsync(lock) != 0))
		e = ERR_IO;
	if (e != OK) {
		int saved = errno;

		(void)remove_tree(making.at);
		errno = saved;
		return e;
	}
	(void)printf("%s: %lld objects, %lld of them linked; %lld bytes new\n",
	    name.at, (long long)b->objects, (long long)b->linked,
	    (long long)b->bytes);
	return keep > 0 ? thin(backups, keep) : OK;
}

/* One at a time in a folder; that somebody else is at work is no failure of
 * theirs.  The lock goes with the process. */
static enum err
run_backup(struct backup *b, const char *dir, int64_t keep)
{
	enum err e;
	int lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	b->cause = lock < 0 ? errno : 0;
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0) {
		b->cause = errno;
		return ERR_IO;
	}
	TRY(record_begin(b, dir));
	if (lock < 0) {
		record_end(b, ERR_IO);
		return ERR_IO;
	}
	errno = 0;
	e = make_backup(b, dir, lock, keep);
	b->cause = errno;
	record_end(b, e);
	return e;
}

static enum err
open_backup(struct backup *b, const struct ctl *ctl)
{
	*b = (struct backup){
	    .kept = ctl->arena, .conf = ctl->conf, .folder = -1};
	b->arena = arena_make(ARENA_BYTES);
	if (b->arena == NULL)
		return ERR_MEMORY;
	return site_open(ctl->arena, ctl->conf, &b->site);
}

static void
close_backup(struct backup *b)
{
	if (b->old_manifest != NULL)
		(void)fclose(b->old_manifest);
	site_close(&b->site);
	arena_free(b->arena);
}

static int
backup(const struct ctl *ctl, int count, char **words)
{
	struct backup b;
	int64_t keep = 0;
	enum err e;

	if (count != 1 &&
	    (count != 3 || strcmp(words[1], "--keep") != 0 ||
		str_parse_int(str_from(words[2]), 1, 10000, &keep) != OK))
		return CTL_USAGE;
	e = open_backup(&b, ctl);
	if (e == OK) {
		e = run_backup(&b, words[0], keep);
		close_backup(&b);
	}
	if (e == ERR_IO && b.cause != 0)
		return ctl_fail("no backup in %s: %s. It must be a folder that "
				"the account pixlpix may write to.",
		    words[0], strerror(b.cause));
	if (e != OK)
		return ctl_fail(
		    "no backup (%s); the lines above say why", err_name(e));
	return EXIT_SUCCESS;
}

/* ---- and back ---- */

typedef enum err take_file(struct backup *b, const char *path,
    struct str digits, int fd, int64_t size_bytes);

/* Calls `take` for each file that the manifest names. */
static enum err
for_each_file(struct backup *b, take_file *take)
{
	int fd = openat(b->folder, "manifest", O_RDONLY | O_CLOEXEC);
	FILE *manifest = fd < 0 ? NULL : fdopen(fd, "r");
	enum err e = OK;

	if (manifest == NULL)
		return ERR_IO;
	while (e == OK && fgets(b->line, sizeof(b->line), manifest) != NULL) {
		struct str digits = {b->line, CHECKSUM_CHARS};
		const char *path = b->line + CHECKSUM_CHARS + 2;
		struct stat st;
		int file;

		b->line[strcspn(b->line, "\n")] = '\0';
		if (strlen(b->line) <= CHECKSUM_CHARS + 2)
			return ERR_INPUT;
		file =
		    openat(b->folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		if (file < 0 || fstat(file, &st) != 0) {
			(void)fprintf(
			    stderr, "missing in the backup: %s\n", path);
			e = ERR_INPUT;
		} else {
			e = take(b, path, digits, file, st.st_size);
		}
		if (file >= 0)
			(void)close(file);
		arena_reset(b->arena);
	}
	(void)fclose(manifest);
	return e;
}

static enum err
verify_file(struct backup *b, const char *path, struct str digits, int fd,
    int64_t size_bytes)
{
	char found[CHECKSUM_CHARS];

	TRY(checksum_file(fd, size_bytes, found));
	if (!str_equal(digits, (struct str){found, CHECKSUM_CHARS})) {
		(void)fprintf(stderr, "damaged in the backup: %s\n", path);
		return ERR_INPUT;
	}
	b->objects += strchr(path, '/') != NULL;
	b->bytes += size_bytes;
	return OK;
}

/* What is there already may be of a restore that was broken off: it must be
 * the same. */
static enum err
compare_object(struct backup *b, enum object_space space, struct str key,
    struct str digits)
{
	char found[CHECKSUM_CHARS];
	int64_t size_bytes;
	enum err e;
	int fd;

	TRY(object_get(b->site.store, space, key, &fd, &size_bytes));
	e = checksum_file(fd, size_bytes, found);
	(void)close(fd);
	TRY(e);
	if (str_equal(digits, (struct str){found, CHECKSUM_CHARS}))
		return OK;
	(void)fprintf(stderr,
	    "the store has another object of that name: %.*s\n", STR_ARG(key));
	return ERR_CONFLICT;
}

static enum err
put_file(struct backup *b, const char *path, struct str digits, int fd,
    int64_t size_bytes)
{
	struct str key = str_from(path), space_name = str_cut(&key, '/');
	enum object_space space = OBJECT_PUBLIC;
	enum err e;

	if (key.len == 0)
		return OK; /* the dump */
	(void)str_cut(&key, '/');
	if (str_equal(space_name, str_from(space_names[OBJECT_HIDDEN])))
		space = OBJECT_HIDDEN;
	e = object_put(b->site.store, space, key, fd, size_bytes, digits);
	return e == ERR_CONFLICT ? compare_object(b, space, key, digits) : e;
}

static enum err
refuse_full(struct backup *b)
{
	struct sql_account_any_row any;

	TRY(sql_account_any(b->site.db, b->kept, &any));
	if (!any.is_there)
		return OK;
	(void)fputs(
	    "this site has accounts: a backup is restored into an empty "
	    "one alone\n",
	    stderr);
	return ERR_CONFLICT;
}

/* All is verified before anything is changed, and every object is there
 * before the rows that name it. */
static enum err
restore_backup(struct backup *b, const char *folder)
{
	TRY(refuse_full(b));
	db_rest(b->site.db);
	b->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (b->folder < 0)
		return ERR_IO;
	TRY(for_each_file(b, verify_file));
	TRY(for_each_file(b, put_file));
	TRY(restore_database(b, folder));
	(void)printf("restored and verified: %lld objects, %lld bytes\n",
	    (long long)b->objects, (long long)b->bytes);
	return OK;
}

static int
restore(const struct ctl *ctl, int count, char **words)
{
	struct backup b;
	enum err e;

	if (count != 1)
		return CTL_USAGE;
	errno = 0;
	e = open_backup(&b, ctl);
	if (e == OK) {
		e = restore_backup(&b, words[0]);
		if (b.folder >= 0)
			(void)close(b.folder);
		close_backup(&b);
	}
	if (e == ERR_IO && errno != 0)
		return ctl_fail(
		    "%s is not restored: %s", words[0], strerror(errno));
	if (e != OK)
		return ctl_fail("%s is not restored (%s); the lines above say "
				"why",
		    words[0], err_name(e));
	return EXIT_SUCCESS;
}

const struct ctl_command ctl_backup_commands[] = {
    {.words = {"backup"},
	.arguments = "FOLDER [--keep NUMBER]",
	.help = "copy database and images into a folder within FOLDER,\n"
		"with a manifest of checksums; what the one before has\n"
		"is linked. Of the old ones NUMBER are kept with it",
	.run = backup},
    {.words = {"restore"},
	.arguments = "FOLDER",
	.help = "bring a backup into an empty site, after verifying it\n"
		"all; stop the site before",
	.run = restore},
    {.run = NULL},
};
