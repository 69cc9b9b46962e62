/* The object store in a folder: what tests/object/contract.c, which holds all
 * stores to the same promises, does not see. */
#include "store/object.h"

#include "capture.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

static char folder[64];
static struct object_store *store;
static struct arena *arena;

#define KEY STR("abcdefghijklmnopqrstuvwxy2-l.jpg")

static void
start(void)
{
	(void)snprintf(folder, sizeof(folder), "/tmp/pixlpix-object.XXXXXX");
	cr_assert(mkdtemp(folder) != NULL);
	capture_log();
	(void)umask(077);
	cr_assert(object_dir_open(folder, &store) == OK);
	arena = arena_make(4 * 1024 * 1024);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

static void
stop(void)
{
	object_close(store);
	arena_free(arena);
	cr_assert(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

TestSuite(object, .init = start, .fini = stop);

/* A file with the bytes. */
static int
file_of(const char *bytes, size_t size)
{
	int fd = memfd_create("source", MFD_CLOEXEC);

	cr_assert(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	return fd;
}

static enum err
put(enum object_space space, struct str key, const char *text)
{
	int fd = file_of(text, strlen(text));
	enum err e = object_put(
	    store, space, key, fd, (int64_t)strlen(text), (struct str){0});

	(void)close(fd);
	return e;
}

static bool
holds(enum object_space space, struct str key, const char *text)
{
	char bytes[256];
	int64_t size = -1;
	int fd;

	if (object_get(store, space, key, &fd, &size) != OK)
		return false;
	ssize_t n = read(fd, bytes, sizeof(bytes));
	(void)close(fd);
	return n == size && (size_t)n == strlen(text) &&
	       memcmp(bytes, text, (size_t)n) == 0;
}

static const char *
path_of(const char *rest)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, rest);
	return path;
}

static int
count_files(const char *rest)
{
	DIR *stream = opendir(path_of(rest));
	int count = 0;

	cr_assert(stream != NULL);
	for (struct dirent *d; (d = readdir(stream)) != NULL;)
		count += d->d_name[0] != '.';
	(void)closedir(stream);
	return count;
}

static mode_t
mode_of(const char *rest)
{
	struct stat st;

	cr_assert(stat(path_of(rest), &st) == 0);
	return st.st_mode & 07777;
}

Test(object, comes_back_as_it_was_put)
{
	cr_assert(put(OBJECT_PUBLIC, KEY, "bytes of an image") == OK);
	cr_assert(holds(OBJECT_PUBLIC, KEY, "bytes of an image"));
	cr_assert(count_files("tmp") == 0);
}

Test(object, stands_where_nginx_looks_for_it_and_may_read_it)
{
	cr_assert(put(OBJECT_PUBLIC, KEY, "x") == OK);
	cr_assert(mode_of("public") == 0755);
	cr_assert(mode_of("public/ab") == 0755);
	cr_assert(
	    mode_of("public/ab/abcdefghijklmnopqrstuvwxy2-l.jpg") == 0644);
	cr_assert(mode_of("hidden") == 0700);
	cr_assert(mode_of("tmp") == 0700);
}

Test(object, is_never_replaced)
{
	cr_assert(put(OBJECT_PUBLIC, KEY, "first") == OK);
	cr_assert(put(OBJECT_PUBLIC, KEY, "second") == ERR_CONFLICT);
	cr_assert(holds(OBJECT_PUBLIC, KEY, "first"));
	cr_assert(count_files("tmp") == 0);
}

Test(object, shorter_than_said_is_refused)
{
	int fd = file_of("0123", 4);

	cr_assert(object_put(store, OBJECT_PUBLIC, KEY, fd, 5,
		      (struct str){0}) == ERR_INPUT);
	cr_assert(object_put(store, OBJECT_PUBLIC, KEY, fd, -1,
		      (struct str){0}) == ERR_INPUT);
	cr_assert(!holds(OBJECT_PUBLIC, KEY, "0123"));
	cr_assert(count_files("tmp") == 0);
}

Test(object, key_that_could_leave_the_folder_is_refused)
{
	static const char *const keys[] = {"", "a", "ab", "../x", "..", "ab/cd",
	    "ab..cd", ".ab", "a.bc", "-bc", "ABC", "ab c", "ab\nc",
	    "/etc/passwd", "ab%2f", "ab\\c", "a\xc3\xa4z",
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"};
	static const char *const good[] = {"abc", "ab-", "ab.c", "22x-s.webp"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		cr_assert(!object_is_key(str_from(keys[i])), "%s", keys[i]);
		cr_assert(
		    put(OBJECT_PUBLIC, str_from(keys[i]), "x") == ERR_INPUT);
	}
	cr_assert(!object_is_key((struct str){"abc\0d", 5}));
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_assert(put(OBJECT_PUBLIC, str_from(good[i]), "x") == OK);
}

Test(object, symbolic_link_is_not_followed)
{
	int64_t size;
	int fd;

	cr_assert(mkdir(path_of("public/ab"), 0755) == 0);
	cr_assert(symlink("/etc/passwd", path_of("public/ab/abc")) == 0);
	cr_assert(object_get(store, OBJECT_PUBLIC, STR("abc"), &fd, &size) ==
		  ERR_STORE);
	cr_assert(symlink("/etc", path_of("public/xy")) == 0);
	cr_assert(put(OBJECT_PUBLIC, STR("xyz"), "x") == ERR_STORE);
}

static struct list
list(struct str prefix, struct str after, size_t limit)
{
	struct list found;

	cr_assert(object_list(store, OBJECT_PUBLIC, prefix, after, limit, arena,
		      &found) == OK);
	return found;
}

Test(object, many_in_one_folder_are_listed)
{
	struct list found;

	for (int i = 0; i < 300; i++) {
		struct str key;

		cr_assert(arena_printf(arena, &key, "ab%03d", 299 - i) == OK);
		cr_assert(put(OBJECT_PUBLIC, key, "x") == OK);
	}
	found = list(STR("ab"), STR("ab009"), 250);
	const struct object_entry *entry = found.items;
	cr_assert(found.count == 250);
	cr_assert(str_equal(entry[0].key, STR("ab010")));
	cr_assert(str_equal(entry[249].key, STR("ab259")));
}

/* A limit on file size fails a write half-way, as a full disk does. */
Test(object, write_that_fails_half_way_leaves_nothing)
{
	enum {
		BYTES = 1024 * 1024
	};
	const struct rlimit limit = {BYTES / 2, RLIM_INFINITY};
	char *bytes = calloc(1, BYTES);
	int fd = file_of(bytes, BYTES);

	(void)signal(SIGXFSZ, SIG_IGN);
	cr_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	cr_assert(object_put(store, OBJECT_PUBLIC, KEY, fd, BYTES,
		      (struct str){0}) == ERR_STORE);
	cr_assert(count_files("tmp") == 0);
	cr_assert(count_files("public") == 0);
	cr_assert(put(OBJECT_PUBLIC, KEY, "a small one fits") == OK);
	free(bytes);
}

/* Killed at any moment, an object is there as a whole or not at all. */
Test(object, killed_writer_leaves_no_half_object, .timeout = 120)
{
	enum {
		BYTES = 4 * 1024 * 1024
	};
	char *bytes = calloc(1, BYTES);
	int fd = file_of(bytes, BYTES);

	for (int i = 0; i < 20; i++) {
		struct object_entry entry;
		struct str key;
		pid_t child;
		enum err e;

		cr_assert(arena_printf(arena, &key, "ab%d", i) == OK);
		child = fork();
		if (child == 0)
			_exit((int)object_put(store, OBJECT_PUBLIC, key, fd,
			    BYTES, (struct str){0}));
		(void)usleep((useconds_t)i * 300);
		(void)kill(child, SIGKILL);
		cr_assert(waitpid(child, NULL, 0) == child);
		e = object_head(store, OBJECT_PUBLIC, key, &entry);
		cr_assert(
		    e == ERR_ABSENT || (e == OK && entry.size_bytes == BYTES));
	}
	free(bytes);
}

Test(object, what_a_crash_left_a_day_ago_is_swept)
{
	const struct utimbuf yesterday = {1000000000, 1000000000};
	struct object_store *again;
	int fd = open(path_of("tmp/old"), O_CREAT | O_WRONLY, 0600);

	cr_assert(fd >= 0 && close(fd) == 0);
	cr_assert(utime(path_of("tmp/old"), &yesterday) == 0);
	fd = open(path_of("tmp/new"), O_CREAT | O_WRONLY, 0600);
	cr_assert(fd >= 0 && close(fd) == 0);
	cr_assert(object_dir_open(folder, &again) == OK);
	cr_assert(access(path_of("tmp/old"), F_OK) != 0);
	cr_assert(access(path_of("tmp/new"), F_OK) == 0);
	object_close(again);
}

Test(object, writers_at_once_agree_on_one)
{
	pid_t children[8];
	int winners = 0;

	for (int i = 0; i < 8; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit((int)put(OBJECT_PUBLIC, KEY, "one of them"));
	}
	for (int i = 0; i < 8; i++) {
		int status;

		cr_assert(waitpid(children[i], &status, 0) == children[i]);
		cr_assert(WIFEXITED(status) &&
			  (WEXITSTATUS(status) == OK ||
			      WEXITSTATUS(status) == ERR_CONFLICT));
		winners += WEXITSTATUS(status) == OK;
	}
	cr_assert(winners == 1);
	cr_assert(holds(OBJECT_PUBLIC, KEY, "one of them"));
	cr_assert(count_files("tmp") == 0);
}

Test(object, store_is_ready_while_its_folders_are_those_it_opened)
{
	char hidden[128], away[160];

	(void)snprintf(hidden, sizeof(hidden), "%s/hidden", folder);
	(void)snprintf(away, sizeof(away), "%s.away", hidden);
	cr_assert(object_ready(store, arena) == OK);
	cr_assert(rename(hidden, away) == 0);
	cr_assert(object_ready(store, arena) == ERR_STORE);
	cr_assert(mkdir(hidden, 0700) == 0);
	cr_assert(object_ready(store, arena) == ERR_STORE);
	cr_assert(captured_line_with("object store failed", "hidden", NULL));
	cr_assert(rmdir(hidden) == 0);
	cr_assert(rename(away, hidden) == 0);
	cr_assert(object_ready(store, arena) == OK);
}

Test(object, store_without_its_folder_is_refused)
{
	struct object_store *other = NULL;

	cr_assert(object_dir_open(path_of("nowhere"), &other) == ERR_STORE);
	cr_assert(other == NULL);
	cr_assert(captured_line_with("object store failed", "nowhere", NULL));
}
