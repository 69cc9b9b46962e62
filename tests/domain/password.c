/* Hashing, and the queue before it. */
#include "domain/password.h"

#include "../helper/stage.h"
#include "base/metrics.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PLACES_FROM = 1024 /* as in password.c */
};

TestSuite(password, .init = stage_start, .fini = stage_end);

static struct str
hash(const char *password)
{
	struct str out;

	ASSERT_OK(
	    password_hash(&stage.site, kit_arena, str_from(password), &out));
	return out;
}

static bool
matches(struct str password, struct str hash_text, bool *is_stale)
{
	bool is_match = true;

	ASSERT_OK(password_check(
	    &stage.site, kit_arena, password, hash_text, &is_match, is_stale));
	return is_match;
}

/* The lock file as another process has it open. */
static int
other_process(void)
{
	int fd = open(
	    kit_text("%s/run/hash.lock", stage.folder).at, O_RDWR | O_CLOEXEC);

	cr_assert(fd >= 0);
	return fd;
}

static void
hold(int fd, int64_t from, int64_t count)
{
	struct flock lock = {.l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = from,
	    .l_len = count};

	cr_assert(fcntl(fd, F_OFD_SETLK, &lock) == 0);
}

/* Not by closing: a child that was forked since has the same open file. */
static void
let_go(int fd)
{
	struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

	cr_assert(fcntl(fd, F_OFD_SETLK, &lock) == 0);
}

static bool
is_held(int fd, int64_t byte)
{
	struct flock lock = {.l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = byte,
	    .l_len = 1};

	cr_assert(fcntl(fd, F_OFD_GETLK, &lock) == 0);
	return lock.l_type != F_UNLCK;
}

static void
wait_until_held(int fd, int64_t byte)
{
	while (!is_held(fd, byte))
		(void)poll(NULL, 0, 2);
}

Test(password, belongs_to_its_hash_alone)
{
	struct str text = hash("three purple owls");
	bool is_stale;

	cr_assert(matches(STR("three purple owls"), text, &is_stale));
	cr_assert(!is_stale);
	cr_assert(!matches(STR("three purple owl"), text, &is_stale));
	cr_assert(!matches(STR("Three purple owls"), text, &is_stale));
	cr_assert(!matches(STR(""), text, &is_stale));
}

Test(password, every_byte_counts_also_behind_a_nul)
{
	struct str text;
	bool is_stale;

	ASSERT_OK(
	    password_hash(&stage.site, kit_arena, STR("a\0b\xff"), &text));
	cr_assert(matches(STR("a\0b\xff"), text, &is_stale));
	cr_assert(!matches(STR("a\0c\xff"), text, &is_stale));
}

Test(password, is_hashed_by_argon2id_with_the_parameters_of_the_site)
{
	stage.conf.argon2_memory_kib = 128;
	stage.conf.argon2_passes = 3;
	stage.conf.argon2_lanes = 2;
	cr_assert(str_starts(
	    hash("three purple owls"), STR("$argon2id$v=19$m=128,t=3,p=2$")));
}

Test(password, has_a_salt_of_its_own_each_time)
{
	cr_assert(
	    !str_equal(hash("three purple owls"), hash("three purple owls")));
}

Test(password, is_stale_once_a_parameter_has_changed)
{
	struct str text = hash("three purple owls");
	bool is_stale;

	stage.conf.argon2_passes = 2;
	cr_assert(matches(STR("three purple owls"), text, &is_stale));
	cr_assert(is_stale);
	cr_assert(!matches(STR("wrong"), text, &is_stale));
	cr_assert(!is_stale);
}

Test(password, without_an_account_does_not_match)
{
	bool is_stale;

	cr_assert(!matches(STR("x"), (struct str){0}, &is_stale));
	cr_assert(!is_stale);
}

/* With parameters that argon2 refuses, a hash cannot be made: so one was. */
Test(password, without_an_account_is_hashed_all_the_same)
{
	bool is_match, is_stale;

	stage.conf.argon2_memory_kib = 1;
	ASSERT_ERR(password_check(&stage.site, kit_arena, STR("x"),
		       (struct str){0}, &is_match, &is_stale),
	    ERR_MEMORY);
	ASSERT_HAS(kit_log(), "argon2 failed");
}

Test(password, without_an_account_waits_its_turn_all_the_same)
{
	int other = other_process();
	bool is_match, is_stale;

	hold(other, PLACES_FROM, stage.conf.hashes + stage.conf.hash_queue);
	ASSERT_ERR(password_check(&stage.site, kit_arena, STR("x"),
		       (struct str){0}, &is_match, &is_stale),
	    ERR_BUSY);
	(void)close(other);
}

Test(password, a_hash_that_is_none_is_an_error_and_not_logged)
{
	bool is_match = true, is_stale = true;

	ASSERT_ERR(password_check(&stage.site, kit_arena, STR("secret words"),
		       STR("$argon2id$nonsense"), &is_match, &is_stale),
	    ERR_INTERNAL);
	cr_assert(!is_match && !is_stale);
	ASSERT_HAS(kit_log(), "argon2 failed");
	ASSERT_LACKS(kit_log(), "nonsense");
	ASSERT_LACKS(kit_log(), "secret");
}

Test(password, a_full_queue_is_busy_at_once)
{
	int other = other_process();
	struct str out = STR("untouched");

	ASSERT_OK(metrics_share());
	hold(other, PLACES_FROM, stage.conf.hashes + stage.conf.hash_queue);
	ASSERT_ERR(
	    password_hash(&stage.site, kit_arena, STR("x"), &out), ERR_BUSY);
	ASSERT_STR(out, "untouched");
	ASSERT_INT(metrics_read(METRIC_HASH_REFUSED, AT(0)), 1);
	ASSERT_INT(metrics_read(METRIC_HASH, AT(0)), 0);
	ASSERT_HAS(kit_log(), "hash queue is full");
	(void)close(other);
}

Test(password, the_places_of_a_process_that_dies_are_free)
{
	int other = other_process();

	hold(other, PLACES_FROM, stage.conf.hashes + stage.conf.hash_queue);
	(void)close(other);
	(void)hash("x");
}

Test(password, the_last_place_is_taken)
{
	int other = other_process();

	hold(other, PLACES_FROM, stage.conf.hashes + stage.conf.hash_queue - 1);
	(void)hash("x");
	(void)close(other);
}

Test(password, gives_its_place_back_each_time)
{
	int other = other_process();
	bool is_stale;

	for (int64_t i = 0; i < 30; i++)
		(void)matches(STR("x"), hash("y"), &is_stale);
	cr_assert(!is_held(other, 0) && !is_held(other, PLACES_FROM));
	(void)close(other);
}

Test(password, gives_its_place_back_after_a_failure)
{
	int other = other_process();
	struct str out;

	stage.conf.argon2_memory_kib = 1;
	ASSERT_ERR(
	    password_hash(&stage.site, kit_arena, STR("x"), &out), ERR_MEMORY);
	cr_assert(!is_held(other, 0) && !is_held(other, PLACES_FROM));
	(void)close(other);
}

static pid_t
start_hashing(void)
{
	pid_t child = fork();

	cr_assert(child >= 0);
	if (child == 0) {
		struct arena *a = arena_make(1024 * 1024);
		struct site site;
		struct str out;

		if (site_open(a, &stage.conf, &site) != OK)
			_exit(99);
		_exit((int)password_hash(&site, a, STR("x"), &out));
	}
	return child;
}

static void
ends_well(pid_t child)
{
	int status = -1;

	cr_assert(waitpid(child, &status, 0) == child);
	cr_assert(WIFEXITED(status));
	ASSERT_INT(WEXITSTATUS(status), OK);
}

Test(password, no_more_wait_than_the_queue_holds_and_they_are_served)
{
	int other = other_process();
	struct str out;
	pid_t first, second;

	stage.conf.hash_queue = 1;
	hold(other, 0, 1); /* somebody is hashing */
	first = start_hashing();
	wait_until_held(other, PLACES_FROM);
	second = start_hashing();
	wait_until_held(other, PLACES_FROM + 1);
	ASSERT_ERR(
	    password_hash(&stage.site, kit_arena, STR("x"), &out), ERR_BUSY);
	let_go(other); /* and is done */
	ends_well(first);
	ends_well(second);
	(void)close(other);
	ASSERT_OK(password_hash(&stage.site, kit_arena, STR("x"), &out));
}

Test(password, a_free_slot_is_used_while_another_is_taken)
{
	int other = other_process();

	stage.conf.hashes = 2;
	hold(other, 0, 1);
	(void)hash("x");
	(void)close(other);
}

Test(password, a_lock_file_that_is_none_is_an_error)
{
	struct site site = stage.site;
	struct str out;

	site.hash_lock = -1;
	ASSERT_ERR(password_hash(&site, kit_arena, STR("x"), &out), ERR_IO);
	ASSERT_HAS(kit_log(), "hash queue has no lock");
}
