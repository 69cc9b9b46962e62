/* A disk that fails, and a machine that stops, at each system call of each
 * thing that the object store in a folder does.  What has been acknowledged is
 * there; what has not can be done again. */
#include "../helper/faults.h"
#include "capture.h"
#include "store/object.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	CALLS_MAX = 60 /* more than anything here makes */
};

static const char text[] = "the bytes of a picture";

static char folder[64];
static struct object_store *store;
static struct arena *arena;
static int source;

static void
start(void)
{
	(void)snprintf(folder, sizeof(folder), "/tmp/pixlpix-fault.XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	capture_log();
	cr_assert_eq(object_dir_open(folder, &store), OK);
	arena = arena_make(4 << 20);
	source = memfd_create("source", MFD_CLOEXEC);
	cr_assert_eq(write(source, text, sizeof(text)), (ssize_t)sizeof(text));
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
	(void)close(source);
	cr_assert_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

TestSuite(object_fault, .init = start, .fini = stop, .timeout = 120);

/* A key of a folder that no other n has. */
static struct str
key_of(int n)
{
	struct str key;

	cr_assert_eq(
	    arena_printf(arena, &key, "%c%cbcdefghijklmnopqrstuvwx.jpg",
		'a' + n / 26, 'a' + n % 26),
	    OK);
	return key;
}

static enum err
put(struct str key)
{
	return object_put(store, OBJECT_PUBLIC, key, source,
	    (int64_t)sizeof(text), (struct str){0});
}

static enum err
move(struct str key)
{
	return object_move(store, key, OBJECT_PUBLIC, OBJECT_HIDDEN);
}

static enum err
copy(struct str key)
{
	return object_copy(store, key, OBJECT_PUBLIC, OBJECT_HIDDEN);
}

static enum err
erase(struct str key)
{
	return object_erase(store, OBJECT_PUBLIC, key);
}

static enum err
get(struct str key)
{
	int64_t size_bytes;
	int fd;
	enum err e = object_get(store, OBJECT_PUBLIC, key, &fd, &size_bytes);

	if (e == OK)
		(void)close(fd);
	return e;
}

static enum err
head(struct str key)
{
	struct object_entry entry;

	return object_head(store, OBJECT_PUBLIC, key, &entry);
}

static bool
holds(enum object_space space, struct str key)
{
	char bytes[sizeof(text) + 1];
	int64_t size_bytes = -1;
	ssize_t n;
	int fd;
	enum err e = object_get(store, space, key, &fd, &size_bytes);

	cr_assert(e == OK || e == ERR_ABSENT, "%s", err_name(e));
	if (e != OK)
		return false;
	n = read(fd, bytes, sizeof(bytes));
	(void)close(fd);
	cr_assert(n == (ssize_t)sizeof(text) && size_bytes == n &&
		      memcmp(bytes, text, sizeof(text)) == 0,
	    "half an object");
	return true;
}

static int
count_entry(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)path;
	(void)st;
	(void)f;
	return type == FTW_F;
}

/* Whether anything is left in tmp/. */
static bool
has_rest(void)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/tmp", folder);
	return nftw(path, count_entry, 8, FTW_PHYS) != 0;
}

typedef enum err operation(struct str key);

/* Does it to the key with its n-th call failing; false where it has fewer
 * calls, and then it has come through. */
static bool
fails(operation *op, struct str key, int n, int error, enum err *e)
{
	bool has_struck;

	faults_arm(FAULT_FILES, n, error);
	*e = op(key);
	has_struck = faults_disarm();
	if (!has_struck)
		cr_assert_eq(*e, OK, "%s", err_name(*e));
	cr_assert_lt(n, CALLS_MAX);
	return has_struck;
}

/* Does it in a process that dies at the n-th call. */
static bool
dies(operation *op, struct str key, int n)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		faults_arm(FAULT_FILES, n, FAULT_DEATH);
		(void)op(key);
		_exit(0);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_lt(n, CALLS_MAX);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* The errors that a file system gives, and two after which another way is
 * gone: no rename that replaces nothing, no room for a descriptor. */
static const int errors[] = {EIO, ENOSPC, EINVAL, EMFILE};

Test(object_fault, put_that_fails_leaves_nothing_and_can_be_done_again)
{
	int calls = 0, key_number = 0;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		for (int n = 1;; n++) {
			struct str key = key_of(key_number++);
			enum err e;

			if (!fails(put, key, n, errors[i], &e))
				break;
			calls++;
			cr_expect(!has_rest(), "%s", faults_struck());
			cr_expect_eq(holds(OBJECT_PUBLIC, key), e == OK,
			    "%s: %s", faults_struck(), err_name(e));
			if (e != OK) {
				cr_expect_eq(e, ERR_STORE, "%s: %s",
				    faults_struck(), err_name(e));
				cr_expect_eq(
				    put(key), OK, "after %s", faults_struck());
			}
			cr_expect(holds(OBJECT_PUBLIC, key));
		}
	cr_assert_gt(calls, 20);
}

Test(object_fault, put_that_dies_is_there_as_a_whole_or_not_at_all)
{
	int n = 1;

	for (; dies(put, key_of(n), n); n++) {
		bool is_there = holds(OBJECT_PUBLIC, key_of(n));

		cr_expect_eq(put(key_of(n)), is_there ? ERR_CONFLICT : OK);
		cr_expect(holds(OBJECT_PUBLIC, key_of(n)));
	}
	cr_assert_gt(n, 5);
}

Test(object_fault, move_that_fails_loses_nothing_and_can_be_done_again)
{
	int n = 1;

	for (;; n++) {
		struct str key = key_of(n);
		enum err e;

		cr_assert_eq(put(key), OK);
		if (!fails(move, key, n, EIO, &e))
			break;
		cr_expect(e == OK || e == ERR_STORE, "%s: %s", faults_struck(),
		    err_name(e));
		cr_expect(
		    holds(OBJECT_PUBLIC, key) || holds(OBJECT_HIDDEN, key),
		    "%s", faults_struck());
		cr_expect_eq(move(key), OK, "after %s", faults_struck());
		cr_expect(holds(OBJECT_HIDDEN, key));
		cr_expect(!holds(OBJECT_PUBLIC, key));
	}
	cr_assert_gt(n, 5);
}

Test(object_fault, move_that_dies_loses_nothing_and_can_be_done_again)
{
	int n = 1;

	for (;; n++) {
		struct str key = key_of(n);

		cr_assert_eq(put(key), OK);
		if (!dies(move, key, n))
			break;
		cr_expect(
		    holds(OBJECT_PUBLIC, key) || holds(OBJECT_HIDDEN, key));
		cr_expect_eq(move(key), OK);
		cr_expect(holds(OBJECT_HIDDEN, key));
		cr_expect(!holds(OBJECT_PUBLIC, key));
	}
	cr_assert_gt(n, 5);
}

Test(object_fault, copy_that_fails_loses_nothing_and_can_be_done_again)
{
	int n = 1;

	for (;; n++) {
		struct str key = key_of(n);
		enum err e;

		cr_assert_eq(put(key), OK);
		if (!fails(copy, key, n, EIO, &e))
			break;
		cr_expect(e == OK || e == ERR_STORE, "%s: %s", faults_struck(),
		    err_name(e));
		cr_expect(holds(OBJECT_PUBLIC, key), "%s", faults_struck());
		if (e == OK)
			cr_expect(holds(OBJECT_HIDDEN, key));
		cr_expect(!has_rest(), "%s", faults_struck());
		cr_expect_eq(copy(key), OK, "after %s", faults_struck());
		cr_expect(holds(OBJECT_HIDDEN, key));
		cr_expect(holds(OBJECT_PUBLIC, key));
	}
	cr_assert_gt(n, 3);
}

Test(object_fault, erase_that_fails_says_so_and_can_be_done_again)
{
	int n = 1;

	for (;; n++) {
		struct str key = key_of(n);
		enum err e;

		cr_assert_eq(put(key), OK);
		if (!fails(erase, key, n, EIO, &e))
			break;
		cr_expect(e == OK || e == ERR_STORE, "%s: %s", faults_struck(),
		    err_name(e));
		if (e == OK)
			cr_expect(!holds(OBJECT_PUBLIC, key));
		cr_expect_eq(erase(key), OK);
		cr_expect(!holds(OBJECT_PUBLIC, key));
	}
	cr_assert_gt(n, 2);
}

/* Who takes a disk that fails for an object that is gone clears its row. */
Test(object_fault, what_cannot_be_read_is_never_called_absent)
{
	operation *const reads[] = {get, head};

	cr_assert_eq(put(key_of(0)), OK);
	for (size_t i = 0; i < 2; i++)
		for (int n = 1;; n++) {
			enum err e;

			if (!fails(reads[i], key_of(0), n, EIO, &e))
				break;
			cr_expect(e == OK || e == ERR_STORE, "%s: %s",
			    faults_struck(), err_name(e));
		}
}

static size_t listed;

static enum err
list(struct str prefix)
{
	struct list entries = {0};
	enum err e = object_list(store, OBJECT_PUBLIC, prefix, (struct str){0},
	    100, arena, &entries);

	listed = entries.count;
	return e;
}

/* Who takes a part for the whole finds what is missing a loss. */
Test(object_fault, list_that_cannot_be_read_is_never_called_whole)
{
	int n = 1;

	for (int i = 0; i < 3; i++)
		cr_assert_eq(put(key_of(i)), OK);
	for (;; n++) {
		enum err e;

		if (!fails(list, STR(""), n, EIO, &e))
			break;
		cr_expect(e == ERR_STORE || (e == OK && listed == 3),
		    "%s: %s, %zu", faults_struck(), err_name(e), listed);
	}
	cr_assert_eq(listed, 3);
	cr_assert_gt(n, 10);
}

Test(object_fault, store_that_cannot_be_opened_is_refused)
{
	int n = 1;

	for (;; n++) {
		struct object_store *second = NULL;
		bool has_struck;
		enum err e;

		faults_arm(FAULT_FILES, n, EIO);
		e = object_dir_open(folder, &second);
		has_struck = faults_disarm();
		if (e == OK)
			object_close(second);
		if (!has_struck)
			break;
		cr_expect(e == OK || e == ERR_STORE, "%s: %s", faults_struck(),
		    err_name(e));
		cr_assert_lt(n, CALLS_MAX);
	}
	cr_assert_gt(n, 4);
}
