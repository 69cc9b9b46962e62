/* The object store in a folder of the file system.
 *
 * A put writes a file in tmp/, syncs it, gives it its final name without
 * replacing anything, and syncs the folder of that name.  All names are
 * resolved from file descriptors of the three folders, never through a
 * symbolic link.
 */
#include "store/object.h"

#include "base/log.h"
#include "store/checksum.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum {
	FAN_BYTES = 2,
	FAN_COUNT = 36 * 36,    /* of a-z0-9 */
	NAME_BYTES = 128,       /* a key, or a name in tmp/, and NUL */
	STALE_S = 24 * 60 * 60, /* an age no running put reaches */
	FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
};

struct dir_store {
	struct object_store base;
	char *path;                    /* of the folder */
	int spaces[OBJECT_HIDDEN + 1]; /* folders */
	int tmp;
	/* Fans whose names this process knows to be durable. */
	bool is_settled[OBJECT_HIDDEN + 1][FAN_COUNT];
};

/* A key as two names: its folder's and its own. */
struct place {
	char fan[FAN_BYTES + 1];
	char name[NAME_BYTES];
};

static struct place
place_of(struct str key)
{
	struct place place = {0};

	memcpy(place.fan, key.at, FAN_BYTES);
	memcpy(place.name, key.at, key.len);
	return place;
}

static struct dir_store *
dir_of(struct object_store *store)
{
	/* The base is the first member. */
	return (struct dir_store *)store;
}

static enum err
store_failed(const char *step, struct str key)
{
	log_event(LOG_ERROR, "object store failed", LOG_ERRNO(),
	    LOG_Z("step", step), LOG_STR("key", key));
	return ERR_STORE;
}

static void
close_fd(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

/* The folder of the key; -1 with errno. */
static int
open_fan(
    struct dir_store *dir, enum object_space space, const struct place *place)
{
	return openat(dir->spaces[space], place->fan, FOLDER_FLAGS);
}

static size_t
digit_of(char c)
{
	return (size_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Another process may have made the folder a moment ago, and may not live to
 * open it for nginx or to sync its name. */
static enum err
settle_fan(struct dir_store *dir, enum object_space space, int fan,
    const struct place *place)
{
	bool *is_settled =
	    &dir->is_settled[space][digit_of(place->fan[0]) * 36 +
				    digit_of(place->fan[1])];
	struct stat st;

	if (*is_settled)
		return OK;
	/* Whatever the umask, nginx reads it. */
	if (fstat(fan, &st) != 0 ||
	    ((st.st_mode & 07777) != 0755 && fchmod(fan, 0755) != 0))
		return store_failed("chmod", str_from(place->fan));
	if (fsync(dir->spaces[space]) != 0)
		return store_failed("fsync", str_from(place->fan));
	*is_settled = true;
	return OK;
}

/* open_fan, and the folder is made where it is missing. */
static enum err
make_fan(struct dir_store *dir, enum object_space space,
    const struct place *place, int *out)
{
	int fd = open_fan(dir, space, place);
	enum err e;

	if (fd < 0 && errno == ENOENT) {
		if (mkdirat(dir->spaces[space], place->fan, 0755) != 0 &&
		    errno != EEXIST)
			return store_failed("mkdir", str_from(place->fan));
		fd = open_fan(dir, space, place);
	}
	if (fd < 0)
		return store_failed("open", str_from(place->fan));
	e = settle_fan(dir, space, fd, place);
	if (e != OK) {
		close_fd(fd);
		return e;
	}
	*out = fd;
	return OK;
}

/* ---- put ---- */

static enum err
copy_bytes(int from, int to, int64_t size_bytes, struct str key)
{
	off_t at = 0;

	while (at < size_bytes) {
		ssize_t n = sendfile(to, from, &at, (size_t)(size_bytes - at));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return store_failed("write", key);
		if (n == 0) {
			log_event(LOG_ERROR, "object is shorter than said",
			    LOG_STR("key", key), LOG_INT("bytes", at),
			    LOG_INT("said", size_bytes));
			return ERR_INPUT;
		}
	}
	return OK;
}

/* Reads what was written, so that a source that changed meanwhile shows. */
static enum err
check_bytes(int file, int64_t size_bytes, struct str key, struct str sha256)
{
	char sum[CHECKSUM_CHARS];
	enum err e;

	if (sha256.len == 0)
		return OK;
	e = checksum_file(file, size_bytes, sum);
	if (e == ERR_IO)
		return store_failed("read", key);
	TRY(e);
	if (str_equal(sha256, (struct str){sum, sizeof(sum)}))
		return OK;
	log_event(LOG_ERROR, "object has another checksum than said",
	    LOG_STR("key", key));
	return ERR_INPUT;
}

static enum err
fill_file(
    int to, int from, int64_t size_bytes, struct str key, struct str sha256)
{
	TRY(copy_bytes(from, to, size_bytes, key));
	TRY(check_bytes(to, size_bytes, key, sha256));
	if (fchmod(to, 0644) != 0)
		return store_failed("chmod", key);
	if (fsync(to) != 0)
		return store_failed("fsync", key);
	return OK;
}

/* A rename that replaces nothing, also where the file system has none. */
static int
rename_new(int from_dir, const char *from, int to_dir, const char *to)
{
	if (renameat2(from_dir, from, to_dir, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
		return -1;
	if (linkat(from_dir, from, to_dir, to, 0) != 0)
		return -1;
	(void)unlinkat(from_dir, from, 0);
	return 0;
}

static enum err
give_name(struct dir_store *dir, const char *tmp, enum object_space space,
    struct str key)
{
	struct place place = place_of(key);
	enum err e = OK;
	int fan;

	TRY(make_fan(dir, space, &place, &fan));
	if (rename_new(dir->tmp, tmp, fan, place.name) != 0) {
		if (errno == EEXIST) {
			log_event(LOG_ERROR, "object exists already",
			    LOG_STR("key", key));
			e = ERR_CONFLICT;
		} else {
			e = store_failed("rename", key);
		}
	} else if (fsync(fan) != 0) {
		e = store_failed("fsync", key);
		(void)unlinkat(fan, place.name, 0);
	}
	close_fd(fan);
	return e;
}

/* A file in tmp/ that nobody else writes. */
static enum err
make_tmp(struct dir_store *dir, struct str key, char name[NAME_BYTES], int *out)
{
	static unsigned count;
	int fd;

	(void)snprintf(name, NAME_BYTES, "%.*s.%ld.%u", STR_ARG(key),
	    (long)getpid(), count++);
	fd = openat(dir->tmp, name,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return store_failed("create", key);
	*out = fd;
	return OK;
}

static enum err
dir_put(struct object_store *store, enum object_space space, struct str key,
    int fd, int64_t size_bytes, struct str sha256)
{
	struct dir_store *dir = dir_of(store);
	char name[NAME_BYTES];
	enum err e;
	int to = -1;

	TRY(make_tmp(dir, key, name, &to));
	e = fill_file(to, fd, size_bytes, key, sha256);
	if (close(to) != 0 && e == OK)
		e = store_failed("close", key);
	if (e == OK)
		e = give_name(dir, name, space, key);
	if (e != OK)
		(void)unlinkat(dir->tmp, name, 0);
	return e;
}

/* ---- get, head ---- */

static struct object_entry
entry_of(struct str key, const struct stat *st)
{
	/* The status changes with rename, the content never does. */
	int64_t us =
	    (int64_t)st->st_ctim.tv_sec * 1000000 + st->st_ctim.tv_nsec / 1000;

	return (struct object_entry){key, st->st_size, {us}};
}

static enum err
dir_get(struct object_store *store, enum object_space space, struct str key,
    int *fd, int64_t *size_bytes)
{
	struct place place = place_of(key);
	int fan = open_fan(dir_of(store), space, &place);
	int file = fan < 0 ? -1
	                   : openat(fan, place.name,
				 O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	enum err e = OK;
	struct stat st;

	if (file < 0)
		e = errno == ENOENT ? ERR_ABSENT : store_failed("open", key);
	else if (fstat(file, &st) != 0)
		e = store_failed("stat", key);
	close_fd(fan);
	if (e != OK) {
		close_fd(file);
		return e;
	}
	*fd = file;
	*size_bytes = st.st_size;
	return OK;
}

static enum err
dir_head(struct object_store *store, enum object_space space, struct str key,
    struct object_entry *out)
{
	struct place place = place_of(key);
	int fan = open_fan(dir_of(store), space, &place);
	enum err e = OK;
	struct stat st;

	if (fan < 0 || fstatat(fan, place.name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		e = errno == ENOENT ? ERR_ABSENT : store_failed("stat", key);
	else
		*out = entry_of(key, &st);
	close_fd(fan);
	return e;
}

/* ---- copy, move, erase ---- */

/* One file with two names: its bytes never change. */
static enum err
link_between(int from, int to, const struct place *place, struct str key)
{
	if (linkat(from, place->name, to, place->name, 0) != 0 &&
	    errno != EEXIST)
		return errno == ENOENT ? ERR_ABSENT : store_failed("link", key);
	if (fsync(to) != 0)
		return store_failed("fsync", key);
	return OK;
}

static enum err
move_between(int from, int to, const struct place *place, struct str key)
{
	/* Where a move was broken off the same bytes may be in both. */
	if (renameat(from, place->name, to, place->name) != 0) {
		if (errno != ENOENT)
			return store_failed("rename", key);
		if (faccessat(to, place->name, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
			return ERR_ABSENT;
	}
	/* Between two names of one file (see link_between) a rename does
	 * nothing. */
	if (unlinkat(from, place->name, 0) != 0 && errno != ENOENT)
		return store_failed("unlink", key);
	/* First where it is now: it is never nowhere. */
	if (fsync(to) != 0 || fsync(from) != 0)
		return store_failed("fsync", key);
	return OK;
}

typedef enum err between(
    int from, int to, const struct place *place, struct str key);

static enum err
do_between(struct dir_store *dir, struct str key, enum object_space from,
    enum object_space to, between *work)
{
	struct place place = place_of(key);
	int from_fan, to_fan;
	enum err e;

	TRY(make_fan(dir, from, &place, &from_fan));
	e = make_fan(dir, to, &place, &to_fan);
	if (e == OK) {
		e = work(from_fan, to_fan, &place, key);
		close_fd(to_fan);
	}
	close_fd(from_fan);
	return e;
}

static enum err
dir_copy(struct object_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	return do_between(dir_of(store), key, from, to, link_between);
}

static enum err
dir_move(struct object_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	return do_between(dir_of(store), key, from, to, move_between);
}

static enum err
dir_erase(struct object_store *store, enum object_space space, struct str key)
{
	struct place place = place_of(key);
	int fan = open_fan(dir_of(store), space, &place);
	enum err e = OK;

	if (fan < 0)
		return errno == ENOENT ? OK : store_failed("open", key);
	if (unlinkat(fan, place.name, 0) != 0 && errno != ENOENT)
		e = store_failed("unlink", key);
	else if (fsync(fan) != 0)
		e = store_failed("fsync", key);
	close_fd(fan);
	return e;
}

/* ---- list ---- */

/* A list that grows in an arena. */
struct listing {
	struct arena *arena;
	struct object_entry *entries;
	size_t count;
	size_t room;
	size_t limit;
};

static int
compare_str(struct str a, struct str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len > 0 ? memcmp(a.at, b.at, len) : 0;

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int
compare_entries(const void *a, const void *b)
{
	return compare_str(((const struct object_entry *)a)->key,
	    ((const struct object_entry *)b)->key);
}

static enum err
list_add(struct listing *l, struct object_entry entry)
{
	if (l->count == l->room) {
		size_t room = l->room > 0 ? l->room * 2 : 64;
		struct object_entry *more =
		    arena_array(l->arena, room, sizeof(*more));

		if (more == NULL)
			return ERR_MEMORY;
		if (l->count > 0)
			memcpy(more, l->entries, l->count * sizeof(*more));
		l->entries = more;
		l->room = room;
	}
	l->entries[l->count++] = entry;
	return OK;
}

/* Opens a second descriptor: the stream closes it, and has its own place. */
static DIR *
open_stream(int parent, const char *name)
{
	int fd = openat(parent, name, FOLDER_FLAGS);
	DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;

	if (stream == NULL)
		close_fd(fd);
	return stream;
}

static enum err
list_file(struct listing *l, int fan, struct str prefix, struct str after,
    const char *name)
{
	struct str key = str_from(name);
	struct stat st;

	if (!object_is_key(key) || !str_starts(key, prefix) ||
	    compare_str(key, after) <= 0)
		return OK;
	if (fstatat(fan, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		/* Moved or erased meanwhile. */
		return errno == ENOENT ? OK : store_failed("stat", key);
	if (!S_ISREG(st.st_mode))
		return OK;
	TRY(arena_copy(l->arena, key, &key));
	return list_add(l, entry_of(key, &st));
}

/* Adds what one folder has, in order, up to the limit. */
static enum err
list_fan(struct listing *l, int space, struct str fan, struct str prefix,
    struct str after)
{
	struct place place = {0};
	size_t before = l->count;
	enum err e = OK;
	DIR *stream;

	memcpy(place.fan, fan.at, FAN_BYTES);
	stream = open_stream(space, place.fan);
	if (stream == NULL)
		return errno == ENOENT ? OK : store_failed("open", fan);
	for (;;) {
		struct dirent *d;

		errno = 0;
		d = readdir(stream);
		if (d == NULL && errno != 0)
			e = store_failed("readdir", fan);
		if (d == NULL || e != OK)
			break;
		e = list_file(l, dirfd(stream), prefix, after, d->d_name);
		if (e != OK)
			break;
	}
	(void)closedir(stream);
	TRY(e);
	if (l->count > before)
		qsort(l->entries + before, l->count - before,
		    sizeof(*l->entries), compare_entries);
	if (l->count > l->limit)
		l->count = l->limit;
	return OK;
}

/* The names of the folders that may hold such keys, as entries. */
static enum err
list_fans(struct listing *fans, int space, struct str prefix, struct str after)
{
	DIR *stream = open_stream(space, ".");
	struct str first = str_slice(
	    prefix, 0, prefix.len < FAN_BYTES ? prefix.len : FAN_BYTES);
	struct str from =
	    str_slice(after, 0, after.len < FAN_BYTES ? after.len : FAN_BYTES);
	enum err e = OK;

	if (stream == NULL)
		return store_failed("open", prefix);
	while (e == OK) {
		struct object_entry entry;
		struct dirent *d;

		errno = 0;
		d = readdir(stream);
		if (d == NULL && errno != 0)
			e = store_failed("readdir", prefix);
		if (d == NULL)
			break;
		entry = (struct object_entry){.key = str_from(d->d_name)};
		if (entry.key.len != FAN_BYTES || entry.key.at[0] == '.' ||
		    !str_starts(entry.key, first) ||
		    compare_str(entry.key, from) < 0)
			continue;
		e = arena_copy(fans->arena, entry.key, &entry.key);
		if (e == OK)
			e = list_add(fans, entry);
	}
	(void)closedir(stream);
	if (fans->count > 0)
		qsort(fans->entries, fans->count, sizeof(*fans->entries),
		    compare_entries);
	return e;
}

static enum err
dir_list(struct object_store *store, enum object_space space, struct str prefix,
    struct str after, size_t limit, struct arena *arena, struct list *entries)
{
	int folder = dir_of(store)->spaces[space];
	struct listing fans = {.arena = arena};
	struct listing found = {.arena = arena, .limit = limit};

	TRY(list_fans(&fans, folder, prefix, after));
	for (size_t i = 0; i < fans.count && found.count < limit; i++)
		TRY(list_fan(
		    &found, folder, fans.entries[i].key, prefix, after));
	*entries = (struct list){found.entries, found.count};
	return OK;
}

/* ---- the rest ---- */

/* Opening has made it all. */
static enum err
dir_prepare(struct object_store *store)
{
	(void)store;
	return OK;
}

static void
dir_close(struct object_store *store)
{
	struct dir_store *dir = dir_of(store);

	close_fd(dir->spaces[OBJECT_PUBLIC]);
	close_fd(dir->spaces[OBJECT_HIDDEN]);
	close_fd(dir->tmp);
	free(dir->path);
	free(dir);
}

/* Under the name is still what we hold open, and we may write there: a disk
 * that was taken away, or another one put over it, keeps our descriptors. */
static enum err
check_folder(int root, const char *name, int held)
{
	struct stat now, then;

	if (fstatat(root, name, &now, AT_SYMLINK_NOFOLLOW) != 0 ||
	    fstat(held, &then) != 0)
		return store_failed("stat", str_from(name));
	errno = ESTALE;
	if (now.st_dev != then.st_dev || now.st_ino != then.st_ino)
		return store_failed("find", str_from(name));
	if (faccessat(held, ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0)
		return store_failed("access", str_from(name));
	return OK;
}

static enum err
check_room(int fd)
{
	struct statvfs disk;

	if (fstatvfs(fd, &disk) != 0)
		return store_failed("statvfs", STR("tmp"));
	errno = ENOSPC;
	if (disk.f_bavail == 0)
		return store_failed("statvfs", STR("tmp"));
	return OK;
}

static enum err
dir_ready(struct object_store *store, struct arena *arena)
{
	struct dir_store *dir = dir_of(store);
	int root = open(dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err e;

	(void)arena;
	if (root < 0)
		return store_failed("open", str_from(dir->path));
	e = check_folder(root, "public", dir->spaces[OBJECT_PUBLIC]);
	if (e == OK)
		e = check_folder(root, "hidden", dir->spaces[OBJECT_HIDDEN]);
	if (e == OK)
		e = check_folder(root, "tmp", dir->tmp);
	if (e == OK)
		e = check_room(dir->tmp);
	close_fd(root);
	return e;
}

static enum err
dir_inner_address(struct object_store *store, enum object_space space,
    struct str key, struct arena *arena, struct str *out)
{
	(void)store;
	return arena_printf(arena, out, "/%s/%.2s/%.*s",
	    space == OBJECT_HIDDEN ? "hidden" : "shown", key.at, STR_ARG(key));
}

static const struct object_backend backend = {
    .name = "dir",
    .inner_address = dir_inner_address,
    .put = dir_put,
    .get = dir_get,
    .head = dir_head,
    .copy = dir_copy,
    .move = dir_move,
    .erase = dir_erase,
    .list = dir_list,
    .prepare = dir_prepare,
    .ready = dir_ready,
    .close = dir_close,
};

static enum err
open_folder(int root, const char *name, mode_t mode, int *out)
{
	bool is_new = mkdirat(root, name, mode) == 0;
	int fd;

	if (!is_new && errno != EEXIST)
		return store_failed("mkdir", str_from(name));
	fd = openat(root, name, FOLDER_FLAGS);
	if (fd < 0)
		return store_failed("open", str_from(name));
	*out = fd;
	if (is_new && fchmod(fd, mode) != 0)
		return store_failed("chmod", str_from(name));
	return OK;
}

/* Removes what puts that never ended have left. */
static void
sweep_tmp(struct dir_store *dir)
{
	DIR *stream = open_stream(dir->tmp, ".");
	time_t now = time(NULL);

	if (stream == NULL)
		return;
	for (struct dirent *d; (d = readdir(stream)) != NULL;) {
		struct stat st;

		if (fstatat(dir->tmp, d->d_name, &st, AT_SYMLINK_NOFOLLOW) ==
			0 &&
		    S_ISREG(st.st_mode) && st.st_mtime < now - STALE_S &&
		    unlinkat(dir->tmp, d->d_name, 0) == 0)
			log_event(LOG_WARN, "removed a half-written object",
			    LOG_Z("name", d->d_name));
	}
	(void)closedir(stream);
}

enum err
object_dir_open(const char *folder, struct object_store **out)
{
	struct dir_store *dir = calloc(1, sizeof(*dir));
	enum err e;
	int root;

	if (dir == NULL)
		return ERR_MEMORY;
	*dir = (struct dir_store){
	    .base = {&backend}, .spaces = {-1, -1}, .tmp = -1};
	dir->path = strdup(folder);
	if (dir->path == NULL) {
		dir_close(&dir->base);
		return ERR_MEMORY;
	}
	root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		e = store_failed("open", str_from(folder));
	else
		e = open_folder(
		    root, "public", 0755, &dir->spaces[OBJECT_PUBLIC]);
	if (e == OK)
		e = open_folder(
		    root, "hidden", 0700, &dir->spaces[OBJECT_HIDDEN]);
	if (e == OK)
		e = open_folder(root, "tmp", 0700, &dir->tmp);
	if (e == OK && fsync(root) != 0)
		e = store_failed("fsync", str_from(folder));
	close_fd(root);
	if (e != OK) {
		dir_close(&dir->base);
		return e;
	}
	sweep_tmp(dir);
	*out = &dir->base;
	return OK;
}
