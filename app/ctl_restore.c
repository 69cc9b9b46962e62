/* pixlpixctl restore: a backup comes back into an empty site.  The folder's
 * form: ctl_backup.h. */
#include "ctl_backup.h"
#include "ctl_system.h"
#include "store/checksum.h"
#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_encrypted(const char *path)
{
	return str_ends(str_from(path), STR(BACKUP_SECRET));
}

typedef enum err take_file(struct backup *b, const char *path,
    struct str digits, int fd, int64_t size_bytes);

/* Calls `take` for each file that the manifest names.  Its last line is the
 * dump's: one without it was cut off, and does not say which images there
 * are. */
static enum err
for_each_file(struct backup *b, take_file *take)
{
	int fd = openat(b->folder, BACKUP_MANIFEST, O_RDONLY | O_CLOEXEC);
	FILE *manifest = fd < 0 ? NULL : fdopen(fd, "r");
	bool is_whole = false;
	enum err e = OK;

	if (manifest == NULL)
		return ERR_IO;
	while (e == OK && fgets(b->line, sizeof(b->line), manifest) != NULL) {
		struct str digits = {b->line, CHECKSUM_CHARS};
		const char *path = b->line + CHECKSUM_CHARS + 2;
		struct stat st;
		int file;

		b->line[strcspn(b->line, "\n")] = '\0';
		is_whole = false;
		if (strlen(b->line) <= CHECKSUM_CHARS + 2)
			break;
		is_whole = strcmp(path, b->dump) == 0;
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
	if (ferror(manifest) != 0)
		e = ERR_IO;
	(void)fclose(manifest);
	if (e != OK || is_whole)
		return e;
	(void)fprintf(stderr,
	    "the manifest is not whole: its last line should be that of %s; "
	    "copy this backup anew, or take another\n",
	    b->dump);
	return ERR_INPUT;
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

/* A file without a name for what is decrypted; the caller closes it. */
static enum err
decrypt(const struct backup *b, int from, int *out)
{
	int fd = open(b->site.spool, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

	if (fd < 0)
		return ERR_IO;
	if (system_end(backup_decrypt(b, from, fd)) != 0) {
		(void)close(fd);
		return ERR_INPUT;
	}
	*out = fd;
	return OK;
}

static enum err
put_object(struct backup *b, enum object_space space, struct str key,
    struct str digits, int fd, int64_t size_bytes)
{
	enum err e =
	    object_put(b->site.store, space, key, fd, size_bytes, digits);

	return e == ERR_CONFLICT ? compare_object(b, space, key, digits) : e;
}

static enum err
put_decrypted(
    struct backup *b, enum object_space space, struct str key, int from)
{
	char digits[CHECKSUM_CHARS];
	struct stat st;
	enum err e;
	int fd;

	TRY(decrypt(b, from, &fd));
	e = fstat(fd, &st) == 0 ? checksum_file(fd, st.st_size, digits)
	                        : ERR_IO;
	if (e == OK)
		e = put_object(b, space, key,
		    (struct str){digits, CHECKSUM_CHARS}, fd, st.st_size);
	(void)close(fd);
	return e;
}

static enum err
put_file(struct backup *b, const char *path, struct str digits, int fd,
    int64_t size_bytes)
{
	struct str key = str_from(path), space_name = str_cut(&key, '/');
	enum object_space space = OBJECT_PUBLIC;

	if (key.len == 0)
		return OK; /* the dump, the recipients */
	(void)str_cut(&key, '/');
	if (str_equal(space_name, str_from(backup_spaces[OBJECT_HIDDEN])))
		space = OBJECT_HIDDEN;
	if (!is_encrypted(path))
		return put_object(b, space, key, digits, fd, size_bytes);
	key = str_slice(key, 0, key.len - strlen(BACKUP_SECRET));
	return put_decrypted(b, space, key, fd);
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

/* ---- the database ---- */

static pid_t
start_restore(const char *target, int in)
{
	const char *const words[] = {"pg_restore", "--clean", "--if-exists",
	    "--single-transaction", "--exit-on-error", "--no-owner",
	    "--no-privileges", "--no-password", target, NULL};

	return system_start(words, in, -1);
}

static enum err
restore_encrypted(const struct backup *b, const char *target, int from)
{
	int pipe_ends[2];
	pid_t age, restore;
	bool is_good;

	if (pipe2(pipe_ends, O_CLOEXEC) != 0)
		return ERR_IO;
	age = backup_decrypt(b, from, pipe_ends[1]);
	restore = start_restore(target, pipe_ends[0]);
	(void)close(pipe_ends[0]);
	(void)close(pipe_ends[1]);
	is_good = system_end(age) == 0;
	is_good = system_end(restore) == 0 && is_good;
	return is_good ? OK : ERR_DATABASE;
}

/* In one transaction: all of it or nothing. */
static enum err
restore_database(struct backup *b, int dump)
{
	struct str target;
	enum err e;

	TRY(arena_printf(
	    b->kept, &target, "--dbname=%.*s", STR_ARG(b->conf->database)));
	e = backup_password_begin(b);
	if (e == OK && b->identity != NULL)
		e = restore_encrypted(b, target.at, dump);
	else if (e == OK && system_end(start_restore(target.at, dump)) != 0)
		e = ERR_DATABASE;
	backup_password_end(b);
	return e;
}

/* The dump, encrypted or not, and whether we can read it. */
static enum err
open_dump(struct backup *b, int *out)
{
	int fd = openat(b->folder, BACKUP_DUMP, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		b->identity = NULL;
		b->dump = BACKUP_DUMP;
		*out = fd;
		return OK;
	}
	b->dump = BACKUP_DUMP BACKUP_SECRET;
	fd = openat(b->folder, b->dump, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ERR_IO;
	if (b->identity != NULL && system_end(backup_decrypt(b, fd, -1)) == 0 &&
	    lseek(fd, 0, SEEK_SET) == 0) {
		*out = fd;
		return OK;
	}
	(void)close(fd);
	(void)fputs(
	    b->identity == NULL
		? "this backup is encrypted: give --identity FILE, with a key "
		  "of one of those in the file \"recipients\"\n"
		: "that key does not open this backup\n",
	    stderr);
	return ERR_INPUT;
}

static enum err
restore_all(struct backup *b, int dump)
{
	TRY(for_each_file(b, verify_file));
	TRY(for_each_file(b, put_file));
	TRY(restore_database(b, dump));
	(void)printf("restored and verified: %lld objects, %lld bytes\n",
	    (long long)b->objects, (long long)b->bytes);
	return OK;
}

/* All is verified before anything is changed, and every object is there
 * before the rows that name it. */
static enum err
restore_backup(struct backup *b, const char *folder)
{
	enum err e;
	int dump;

	TRY(refuse_full(b));
	db_rest(b->site.db);
	b->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (b->folder < 0)
		return ERR_IO;
	TRY(open_dump(b, &dump));
	e = restore_all(b, dump);
	(void)close(dump);
	return e;
}

static bool
read_identity(int count, char **words, const char **out)
{
	if (count == 1)
		return true;
	if (count != 3 || strcmp(words[1], "--identity") != 0)
		return false;
	*out = words[2];
	return true;
}

int
ctl_restore(const struct ctl *ctl, int count, char **words)
{
	const char *identity = NULL;
	struct backup b;
	enum err e;

	if (!read_identity(count, words, &identity))
		return CTL_USAGE;
	e = backup_open(&b, ctl);
	if (e == OK) {
		b.identity = identity;
		errno = 0;
		e = restore_backup(&b, words[0]);
		b.cause = errno;
		backup_close(&b);
	}
	if (e == ERR_IO && b.cause != 0)
		return ctl_fail(
		    "%s is not restored: %s", words[0], strerror(b.cause));
	if (e != OK)
		return ctl_fail("%s is not restored (%s); the lines above say "
				"why",
		    words[0], err_name(e));
	return EXIT_SUCCESS;
}
