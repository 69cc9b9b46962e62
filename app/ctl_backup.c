/* pixlpixctl backup: all that people have put into the site, copied.
 *
 * The dump is made before the objects are looked at: an object is durable
 * before its row, and never changes, so every row of the dump finds its object.
 * What the newest backup beside it has already is linked, not copied.  The
 * folder's form: ctl_backup.h.
 */
#include "ctl_backup.h"
#include "base/log.h"
#include "ctl_system.h"
#include "store/checksum.h"
#include "store/sql.h"
#include "work/mail.h"

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

#define NO_BACKUP "No backup was made"

enum {
	BATCH = 500,
	COPY_BYTES = 1024 * 1024
};

/* ---- into a backup ---- */

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

/* What a full disk takes of the last bytes is no failure yet: the next write
 * says why. */
static enum err
write_bytes(int to, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t put = write(to, bytes.at, bytes.len);

		if (put < 0)
			return ERR_IO;
		bytes = str_slice(bytes, (size_t)put, bytes.len);
	}
	return OK;
}

static enum err
copy_bytes(int from, int to, int64_t size_bytes)
{
	static char room[COPY_BYTES];

	for (int64_t done = 0; done < size_bytes;) {
		ssize_t got = read(from, room, sizeof(room));

		if (got == 0)
			errno = EIO; /* shorter than the store says */
		if (got <= 0)
			return ERR_IO;
		TRY(write_bytes(to, (struct str){room, (size_t)got}));
		done += got;
	}
	return OK;
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
			/* "recipients", "public", "hidden", "database". */
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
	if (mkdirat(b->folder, path, 0700) != 0 && errno != EEXIST)
		return ERR_IO;
	errno = 0;
	return OK;
}

/* Behind the name of every file. */
static const char *
ending_of(const struct backup *b)
{
	return b->recipients != NULL ? BACKUP_SECRET : "";
}

/* A file of the backup that nobody has made yet. */
static enum err
make_file(const struct backup *b, const char *path, int *out)
{
	*out = openat(
	    b->folder, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return *out >= 0 ? OK : ERR_IO;
}

/* What has been written is durable, and stands in the manifest. */
static enum err
note_file(struct backup *b, const char *path, int fd)
{
	char digits[CHECKSUM_CHARS];
	int64_t size_bytes;

	if (fsync(fd) != 0)
		return ERR_IO;
	TRY(digest_of(fd, digits, &size_bytes));
	b->bytes += size_bytes;
	return note(b, digits, path);
}

static enum err
fill_file(const struct backup *b, int from, int to, int64_t size_bytes)
{
	if (b->recipients == NULL)
		return copy_bytes(from, to, size_bytes);
	return system_end(backup_encrypt(b, from, to)) == 0 ? OK : ERR_INTERNAL;
}

static enum err
copy_object(
    struct backup *b, enum object_space space, struct str key, const char *path)
{
	int64_t size_bytes;
	int from, to = -1;
	enum err e = object_get(b->site.store, space, key, &from, &size_bytes);

	if (e == ERR_ABSENT)
		return OK; /* moved to the other space meanwhile, or erased */
	TRY(e);
	e = make_file(b, path, &to);
	if (e == OK)
		e = fill_file(b, from, to, size_bytes);
	if (e == OK)
		e = note_file(b, path, to);
	if (to >= 0)
		(void)close(to);
	(void)close(from);
	return e;
}

typedef enum err back_up(
    struct backup *b, enum object_space space, struct str key);

static enum err
back_up_object(struct backup *b, enum object_space space, struct str key)
{
	const char *old_digits;
	struct str path, old;

	TRY(arena_printf(b->arena, &path, "%s/%.2s/%.*s%s",
	    backup_spaces[space], key.at, STR_ARG(key), ending_of(b)));
	TRY(make_folders(b, backup_spaces[space], key));
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
has_object(struct backup *b, enum object_space space, struct str key, bool *out)
{
	struct str path;

	TRY(arena_printf(b->arena, &path, "%s/%.2s/%.*s%s",
	    backup_spaces[space], key.at, STR_ARG(key), ending_of(b)));
	*out = faccessat(b->folder, path.at, F_OK, 0) == 0;
	return OK;
}

/* What has become public while others were copied was hidden when the dump was
 * made, or is of later and nobody's in it: it is kept as a hidden one. */
static enum err
back_up_shown(struct backup *b, enum object_space space, struct str key)
{
	bool was_public, was_hidden;
	struct str path;

	TRY(has_object(b, OBJECT_PUBLIC, key, &was_public));
	TRY(has_object(b, OBJECT_HIDDEN, key, &was_hidden));
	if (was_public || was_hidden)
		return OK;
	TRY(arena_printf(b->arena, &path, "%s/%.2s/%.*s%s",
	    backup_spaces[OBJECT_HIDDEN], key.at, STR_ARG(key), ending_of(b)));
	TRY(make_folders(b, backup_spaces[OBJECT_HIDDEN], key));
	b->objects++;
	return copy_object(b, space, key, path.at);
}

static enum err
back_up_space(struct backup *b, enum object_space space, back_up *each)
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
			TRY(each(b, space, entry[i].key));
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

/* ---- the database ---- */

/* pg_dump writes to `out`. */
static pid_t
start_dump(const char *source, int out)
{
	const char *const words[] = {"pg_dump", "--format=custom", "--no-owner",
	    "--no-privileges", "--no-password",
	    "--exclude-table-data=backup_run", source, NULL};

	return system_start(words, -1, out);
}

/* The dump is never on disk as it is. */
static enum err
dump_encrypted(const struct backup *b, const char *source, int out)
{
	int pipe_ends[2];
	pid_t dump, age;
	bool is_dumped;

	if (pipe2(pipe_ends, O_CLOEXEC) != 0)
		return ERR_IO;
	dump = start_dump(source, pipe_ends[1]);
	age = backup_encrypt(b, pipe_ends[0], out);
	(void)close(pipe_ends[0]);
	(void)close(pipe_ends[1]);
	is_dumped = system_end(dump) == 0;
	/* Where age has failed, the dump has found nobody to write to. */
	if (system_end(age) != 0)
		return ERR_INTERNAL;
	return is_dumped ? OK : ERR_DATABASE;
}

static enum err
dump_into(struct backup *b, int out)
{
	struct str from = b->conf->backup_database.len > 0
	                      ? b->conf->backup_database
	                      : b->conf->database;
	struct str source;
	enum err e;

	TRY(arena_printf(b->kept, &source, "--dbname=%.*s", STR_ARG(from)));
	e = backup_password_begin(b);
	if (e == OK && b->recipients != NULL)
		e = dump_encrypted(b, source.at, out);
	else if (e == OK && system_end(start_dump(source.at, out)) != 0)
		e = ERR_DATABASE;
	backup_password_end(b);
	return e;
}

/* The file stays open: it is the last in the manifest. */
static enum err
dump_database(struct backup *b, const char **path, int *out)
{
	struct str name;

	TRY(arena_printf(b->kept, &name, BACKUP_DUMP "%s", ending_of(b)));
	*path = name.at;
	TRY(make_file(b, name.at, out));
	return dump_into(b, *out);
}

/* Who can read it, for who wonders; and so that the next one links nothing
 * that others could read. */
static enum err
write_recipients(struct backup *b)
{
	struct str keys;
	enum err e;
	int fd;

	if (b->recipients == NULL)
		return OK;
	TRY(system_read(b->kept, b->recipients, &keys));
	TRY(make_file(b, BACKUP_RECIPIENTS, &fd));
	e = write_bytes(fd, keys);
	if (e == OK)
		e = note_file(b, BACKUP_RECIPIENTS, fd);
	(void)close(fd);
	return e;
}

static enum err
write_backup(struct backup *b)
{
	int fd, dump = -1;
	const char *path = NULL;
	enum err e;

	TRY(make_file(b, BACKUP_MANIFEST, &fd));
	b->manifest = fdopen(fd, "w");
	if (b->manifest == NULL)
		return ERR_IO;
	e = write_recipients(b);
	if (e == OK)
		e = dump_database(b, &path, &dump);
	if (e == OK)
		e = back_up_space(b, OBJECT_PUBLIC, back_up_object);
	if (e == OK)
		e = back_up_space(b, OBJECT_HIDDEN, back_up_object);
	if (e == OK)
		e = back_up_space(b, OBJECT_PUBLIC, back_up_shown);
	if (e == OK)
		e = note_file(b, path, dump);
	if (dump >= 0)
		(void)close(dump);
	if (fflush(b->manifest) != 0 || fsync(fd) != 0)
		e = e == OK ? ERR_IO : e;
	(void)fclose(b->manifest);
	if (e == OK && syncfs(b->folder) != 0)
		e = ERR_IO;
	return e;
}

/* ---- beside the one before ---- */

/* Whether the two can be read by the same people. */
static enum err
has_same_readers(struct backup *b, bool *out)
{
	struct str path, before, now;
	enum err e;

	*out = true;
	if (b->recipients == NULL)
		return OK; /* what is not encrypted is linked to its like */
	TRY(arena_printf(b->kept, &path, "%s/" BACKUP_RECIPIENTS, b->newest));
	TRY(system_read(b->kept, b->recipients, &now));
	e = system_read(b->kept, path.at, &before);
	*out = e == OK && str_equal(before, now);
	return e == ERR_MEMORY ? e : OK;
}

/* Not one of a time when the clock was ahead: beside that the newest would be
 * the same every night, and all that is newer be copied each time. */
static enum err
open_newest(struct backup *b, struct list backups, struct str now)
{
	const struct str *names = backups.items;
	size_t last = backups.count;
	struct str path;
	bool is_usable;

	if (backups.count == 0)
		return OK;
	while (last > 1 && strcmp(names[last - 1].at, now.at) > 0)
		last--;
	b->newest = names[last - 1].at;
	TRY(has_same_readers(b, &is_usable));
	TRY(arena_printf(b->kept, &path, "%s/" BACKUP_MANIFEST, b->newest));
	if (is_usable)
		b->old_manifest = fopen(path.at, "re");
	return OK;
}

static enum err
fill_folder(struct backup *b, const char *making)
{
	enum err e;

	if (mkdir(making, 0700) != 0)
		return ERR_IO;
	b->folder = open(making, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	e = b->folder < 0 ? ERR_IO : write_backup(b);
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

/* For who reads it in a mail or in the table, without the lines of the log. */
static const char *
reason(const struct backup *b, enum err e)
{
	if (e == ERR_IO && b->cause != 0)
		return strerror(b->cause);
	if (e == ERR_DATABASE)
		return "the database could not be dumped";
	if (e == ERR_LOST)
		return "the database cannot be reached";
	if (e == ERR_STORE)
		return "the image store failed";
	if (e == ERR_INTERNAL && b->recipients != NULL)
		return "age could not encrypt it";
	return err_name(e);
}

static void
record_end(struct backup *b, enum err result)
{
	struct sql_backup_end_in in = {.id = b->record,
	    .is_good = b->made != NULL,
	    .objects = b->objects,
	    .bytes = b->bytes,
	    .message = STR("")};
	enum err e;

	if (result != OK)
		in.message = str_from(reason(b, result));
	sql_backup_end_ask(b->site.db, &in, NULL);
	e = db_sync(b->site.db, b->kept);
	if (e != OK)
		log_event(
		    LOG_ERROR, "the backup's end is not noted", LOG_ERR(e));
}

static enum err
make_backup(struct backup *b, const char *dir, int lock)
{
	struct str name, making;
	struct list backups;
	enum err e;

	TRY(backup_clear_unfinished(b, dir));
	TRY(backup_list(b, dir, &backups));
	TRY(backup_make_name(b, dir, &name));
	TRY(arena_printf(b->kept, &making, "%s.making", name.at));
	TRY(open_newest(b, backups, name));
	e = fill_folder(b, making.at);
	if (e == OK && (rename(making.at, name.at) != 0 || fsync(lock) != 0))
		e = ERR_IO;
	if (e != OK) {
		int saved = errno;

		(void)backup_remove(making.at);
		errno = saved;
		return e;
	}
	b->made = name.at;
	(void)printf("%s: %lld objects, %lld of them linked; %lld bytes new\n",
	    name.at, (long long)b->objects, (long long)b->linked,
	    (long long)b->bytes);
	return OK;
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
	e = make_backup(b, dir, lock);
	if (e == OK)
		e = backup_thin(b, dir, keep);
	b->cause = errno;
	record_end(b, e);
	return e;
}

/* --keep NUMBER or --thin; false where it is neither. */
static bool
read_keep(int count, char **words, int64_t *keep)
{
	*keep = BACKUP_KEEP_ALL;
	if (count == 1)
		return true;
	if (count == 2 && strcmp(words[1], "--thin") == 0) {
		*keep = BACKUP_KEEP_BY_POLICY;
		return true;
	}
	return count == 3 && strcmp(words[1], "--keep") == 0 &&
	       str_parse_int(str_from(words[2]), 1, 10000, keep) == OK;
}

static enum err
find_recipients(struct backup *b)
{
	struct str path;

	if (b->conf->backup_recipients.len == 0)
		return OK;
	TRY(conf_secret_path(b->kept, b->conf->backup_recipients, &path));
	return arena_z(b->kept, path, &b->recipients);
}

/* By a job, which goes on trying; at once where not even that can be left. */
static void
tell_admin(
    const struct ctl *ctl, const char *dir, const char *what, const char *why)
{
	struct site site;
	struct str text;
	enum err e;

	if (!mail_is_on(ctl->conf))
		return;
	e = arena_printf(ctl->arena, &text,
	    "%.*s: a backup failed\n"
	    "%s in %s: %s.\n\n"
	    "On the machine of the site, \"journalctl -u "
	    "pixlpix-backup.service\" says more, and \"systemctl start "
	    "pixlpix-backup.service\" tries again.\n",
	    STR_ARG(conf_host(ctl->conf)), what, dir, why);
	if (e == OK)
		e = site_open(ctl->arena, ctl->conf, &site);
	if (e == OK) {
		mail_ask(&site, MAIL_BACKUP, text, 0);
		e = db_sync(site.db, ctl->arena);
		site_close(&site);
	}
	if (e != OK)
		e = mail_send(ctl->conf, ctl->arena, ctl->conf->mail_to, text);
	if (e != OK)
		log_event(LOG_ERROR, "the admin was not told", LOG_ERR(e));
}

/* What helps against what the system said. */
static const char *
advice(int cause)
{
	switch (cause) {
	case EWOULDBLOCK:
		return "Another one is at work there.";
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return "Make room there, or give --thin, so that old ones go. "
		       "Those that are there are as they were.";
	case EIO:
		return "The disk may be failing: dmesg says more.";
	default:
		return "It must be a folder that the account pixlpix may write "
		       "to.";
	}
}

static int
tell_shell(const struct backup *b, const char *dir, enum err e)
{
	if (e == OK)
		return EXIT_SUCCESS;
	if (b->made != NULL)
		return ctl_fail("%s is whole, but old backups could not be "
				"removed: %s",
		    b->made, reason(b, e));
	if (e == ERR_IO && b->cause != 0)
		return ctl_fail("no backup in %s: %s. %s", dir,
		    strerror(b->cause), advice(b->cause));
	return ctl_fail("no backup (%s); the lines above say why", err_name(e));
}

static int
backup(const struct ctl *ctl, int count, char **words)
{
	struct backup b;
	int64_t keep;
	enum err e;

	if (count < 1 || !read_keep(count, words, &keep))
		return CTL_USAGE;
	e = backup_open(&b, ctl);
	if (e == OK) {
		e = find_recipients(&b);
		if (e == OK)
			e = run_backup(&b, words[0], keep);
		backup_close(&b);
	}
	/* Somebody else's is at work: nothing is wrong. */
	if (e != OK && (e != ERR_IO || b.cause != EWOULDBLOCK))
		tell_admin(ctl, words[0],
		    b.made != NULL
			? "One was made, but old ones could not be removed"
			: NO_BACKUP,
		    reason(&b, e));
	return tell_shell(&b, words[0], e);
}

/* Whether somebody is at work in the folder. */
static bool
is_at_work(const char *dir)
{
	int lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_held = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0;

	if (lock >= 0)
		(void)close(lock);
	return is_held;
}

static enum err
note_broken(const struct ctl *ctl, const char *dir, struct str message)
{
	struct sql_backup_broken_in in = {str_from(dir), message};
	struct sql_backup_broken_row row;
	struct site site;
	bool is_found;
	enum err e;

	TRY(site_open(ctl->arena, ctl->conf, &site));
	e = sql_backup_broken(site.db, ctl->arena, &in, &row, &is_found);
	site_close(&site);
	return e;
}

/* What systemd calls when the service has ended: a backup that was killed has
 * told nobody (systemd.exec(5), SERVICE_RESULT). */
static int
backup_ended(const struct ctl *ctl, int count, char **words)
{
	const char *result = getenv("SERVICE_RESULT");
	struct str message;
	enum err e;

	if (count != 1)
		return CTL_USAGE;
	if (result == NULL || strcmp(result, "success") == 0 ||
	    strcmp(result, "exit-code") == 0 || is_at_work(words[0]))
		return EXIT_SUCCESS;
	e = arena_printf(ctl->arena, &message, "was ended (%s)", result);
	if (e == OK)
		e = note_broken(ctl, words[0], message);
	if (e != OK)
		log_event(
		    LOG_ERROR, "the backup's end is not noted", LOG_ERR(e));
	tell_admin(ctl, words[0], NO_BACKUP, result);
	return EXIT_SUCCESS;
}

const struct ctl_command ctl_backup_commands[] = {
    {.words = {"backup"},
	.arguments = "FOLDER [--thin | --keep NUMBER]",
	.help = "copy database and images into a folder within FOLDER,\n"
		"with a manifest of checksums; what the one before has\n"
		"is linked. Then remove old ones: those that [backup] in\n"
		"the configuration does not keep (--thin), or all but the\n"
		"NUMBER newest (--keep)",
	.run = backup},
    {.words = {"backup-ended"},
	.arguments = "FOLDER",
	.help = "note that the backup into FOLDER was killed",
	.is_hidden = true,
	.run = backup_ended},
    {.words = {"restore"},
	.arguments = "FOLDER [--identity FILE]",
	.help = "bring a backup into an empty site, after verifying it\n"
		"all; stop the site before. FILE has age's key for one\n"
		"that is encrypted",
	.run = ctl_restore},
    {.run = NULL},
};
