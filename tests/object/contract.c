/* What store/object.h promises, whatever the back end. */
#include "place.h"

#include "base/clock.h"
#include "store/checksum.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(contract, .init = place_start, .fini = place_end, .timeout = 120);

#define KEY STR("abcdefghijklmnopqrstuvwxy2-l.jpg")
#define NONE ((struct str){0})

static enum err
head_of(enum object_space space)
{
	struct object_entry entry;

	return object_head(place, space, KEY, &entry);
}

/* ---- put and get ---- */

Test(contract, comes_back_as_it_was_put)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "bytes of an image"));
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "bytes of an image"));
	ASSERT_ERR(head_of(OBJECT_HIDDEN), ERR_ABSENT);
}

Test(contract, may_be_empty)
{
	struct object_entry entry;

	ASSERT_OK(place_put(OBJECT_HIDDEN, KEY, ""));
	cr_assert(place_holds(OBJECT_HIDDEN, KEY, ""));
	ASSERT_OK(object_head(place, OBJECT_HIDDEN, KEY, &entry));
	ASSERT_INT(entry.size_bytes, 0);
}

/* Bytes that do not repeat, so that a part in the wrong place shows. */
static struct str
many_bytes(size_t size)
{
	char *at = arena_alloc(kit_arena, size);
	uint32_t x = 1;

	cr_assert(at != NULL);
	for (size_t i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		at[i] = (char)(x >> 24);
	}
	return (struct str){at, size};
}

Test(contract, twelve_megabytes_come_back)
{
	struct str bytes = many_bytes(12 * 1000 * 1000 + 1);
	char put[CHECKSUM_CHARS], got[CHECKSUM_CHARS];
	int fd = place_file(bytes);
	int64_t size = 0;

	ASSERT_OK(checksum_file(fd, (int64_t)bytes.len, put));
	ASSERT_OK(object_put(place, OBJECT_PUBLIC, KEY, fd, (int64_t)bytes.len,
	    (struct str){put, sizeof(put)}));
	(void)close(fd);
	ASSERT_OK(object_get(place, OBJECT_PUBLIC, KEY, &fd, &size));
	ASSERT_INT(size, (int64_t)bytes.len);
	ASSERT_OK(checksum_file(fd, size, got));
	cr_assert(memcmp(put, got, sizeof(put)) == 0);
	ASSERT_INT(lseek(fd, 0, SEEK_CUR), 0);
	(void)close(fd);
}

Test(contract, put_begins_at_the_beginning_and_moves_no_offset)
{
	int fd = place_file(STR("0123456789"));

	cr_assert(lseek(fd, 7, SEEK_SET) == 7);
	ASSERT_OK(object_put(place, OBJECT_PUBLIC, KEY, fd, 4, NONE));
	cr_assert(lseek(fd, 0, SEEK_CUR) == 7);
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "0123"));
}

Test(contract, file_that_is_too_short_is_refused)
{
	int fd = place_file(STR("four"));

	ASSERT_ERR(
	    object_put(place, OBJECT_PUBLIC, KEY, fd, 5, NONE), ERR_INPUT);
	ASSERT_ERR(
	    object_put(place, OBJECT_PUBLIC, KEY, fd, -1, NONE), ERR_INPUT);
	ASSERT_ERR(head_of(OBJECT_PUBLIC), ERR_ABSENT);
	ASSERT_HAS(kit_log(), "object is shorter than said");
}

Test(contract, wrong_checksum_stores_nothing)
{
	int fd = place_file(STR("four"));
	char sum[CHECKSUM_CHARS];
	struct str said = {sum, sizeof(sum)};

	ASSERT_OK(checksum_file(fd, 3, sum));
	ASSERT_ERR(
	    object_put(place, OBJECT_PUBLIC, KEY, fd, 4, said), ERR_INPUT);
	ASSERT_ERR(object_put(place, OBJECT_PUBLIC, KEY, fd, 3, STR("abc")),
	    ERR_INPUT);
	ASSERT_ERR(head_of(OBJECT_PUBLIC), ERR_ABSENT);
	ASSERT_HAS(kit_log(), "another checksum");
	ASSERT_OK(object_put(place, OBJECT_PUBLIC, KEY, fd, 3, said));
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "fou"));
}

Test(contract, key_is_used_once)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "first"));
	ASSERT_ERR(place_put(OBJECT_PUBLIC, KEY, "second"), ERR_CONFLICT);
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "first"));
	ASSERT_HAS(kit_log(), "object exists already");
}

Test(contract, spaces_are_two)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "seen"));
	ASSERT_OK(place_put(OBJECT_HIDDEN, KEY, "kept"));
	ASSERT_OK(object_erase(place, OBJECT_HIDDEN, KEY));
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "seen"));
}

Test(contract, what_is_absent_is_said_to_be)
{
	int64_t size;
	int fd;

	ASSERT_ERR(head_of(OBJECT_PUBLIC), ERR_ABSENT);
	ASSERT_ERR(
	    object_get(place, OBJECT_PUBLIC, KEY, &fd, &size), ERR_ABSENT);
	ASSERT_ERR(
	    object_move(place, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_ABSENT);
	ASSERT_ERR(
	    object_copy(place, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_ABSENT);
	ASSERT_OK(object_erase(place, OBJECT_PUBLIC, KEY));
	ASSERT_LACKS(kit_log(), "failed");
}

Test(contract, head_tells_size_and_time)
{
	int64_t now_us = clock_now().us;
	struct object_entry entry;

	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "four"));
	ASSERT_OK(object_head(place, OBJECT_PUBLIC, KEY, &entry));
	ASSERT_INT(entry.size_bytes, 4);
	cr_assert(str_equal(entry.key, KEY));
	cr_assert(entry.changed.us >= now_us - 2 * 1000000 &&
		  entry.changed.us <= now_us + 60 * INT64_C(1000000));
}

/* ---- keys ---- */

Test(contract, odd_keys_are_kept_apart)
{
	static const char *const keys[] = {"abc", "ab-", "ab.c", "ab-.-", "00-",
	    "22x-s.webp", "abc.jpg.part", "ab---",
	    "abcdefghijklmnopqrstuvwxyz0123456789-.abcdefghijklmnopqrstuvwxyz"
	    "abcdefghijklmnopqrstuvwxyz0123456789"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		ASSERT_OK(place_put(OBJECT_PUBLIC, str_from(keys[i]), keys[i]));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		cr_assert(
		    place_holds(OBJECT_PUBLIC, str_from(keys[i]), keys[i]),
		    "%s", keys[i]);
}

Test(contract, key_that_is_none_is_refused)
{
	static const char *const keys[] = {"", "a", "ab", "../x", "..", "ab/cd",
	    "ab..cd", ".ab", "a.bc", "-bc", "ABC", "ab c", "ab\nc",
	    "ab\r\nHost: x", "/etc/passwd", "ab%2f", "ab\\c", "ab?acl", "ab#c",
	    "ab&c", "a\xc3\xa4z"};
	struct list found;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct str key = str_from(keys[i]);

		ASSERT_ERR(place_put(OBJECT_PUBLIC, key, "x"), ERR_INPUT);
		ASSERT_ERR(object_erase(place, OBJECT_PUBLIC, key), ERR_INPUT);
		ASSERT_ERR(
		    object_move(place, key, OBJECT_PUBLIC, OBJECT_HIDDEN),
		    ERR_INPUT);
	}
	ASSERT_OK(object_list(
	    place, OBJECT_PUBLIC, NONE, NONE, 10, kit_arena, &found));
	ASSERT_INT((long long)found.count, 0);
}

/* ---- copy, move, erase ---- */

Test(contract, copied_is_in_both_places)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "x"));
	for (int i = 0; i < 2; i++) {
		ASSERT_OK(
		    object_copy(place, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
		cr_assert(place_holds(OBJECT_PUBLIC, KEY, "x"));
		cr_assert(place_holds(OBJECT_HIDDEN, KEY, "x"));
	}
	ASSERT_OK(object_erase(place, OBJECT_HIDDEN, KEY));
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "x"));
}

Test(contract, moved_is_in_one_place_and_can_come_back)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "x"));
	for (int i = 0; i < 2; i++) {
		ASSERT_OK(
		    object_move(place, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
		ASSERT_ERR(head_of(OBJECT_PUBLIC), ERR_ABSENT);
		cr_assert(place_holds(OBJECT_HIDDEN, KEY, "x"));
	}
	ASSERT_OK(object_move(place, KEY, OBJECT_HIDDEN, OBJECT_PUBLIC));
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "x"));
	ASSERT_ERR(head_of(OBJECT_HIDDEN), ERR_ABSENT);
}

/* As after a move that was broken off between its two steps. */
Test(contract, move_ends_what_a_copy_began)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "x"));
	ASSERT_OK(object_copy(place, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	ASSERT_OK(object_move(place, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	ASSERT_ERR(head_of(OBJECT_PUBLIC), ERR_ABSENT);
	cr_assert(place_holds(OBJECT_HIDDEN, KEY, "x"));
}

Test(contract, erased_is_gone)
{
	ASSERT_OK(place_put(OBJECT_HIDDEN, KEY, "x"));
	for (int i = 0; i < 2; i++) {
		ASSERT_OK(object_erase(place, OBJECT_HIDDEN, KEY));
		ASSERT_ERR(head_of(OBJECT_HIDDEN), ERR_ABSENT);
	}
	ASSERT_OK(place_put(OBJECT_HIDDEN, KEY, "y"));
	cr_assert(place_holds(OBJECT_HIDDEN, KEY, "y"));
}

Test(contract, writers_at_once_agree_on_one)
{
	pid_t children[8];
	int winners = 0;

	for (int i = 0; i < 8; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			place = place_open();
			_exit(
			    (int)place_put(OBJECT_PUBLIC, KEY, "one of them"));
		}
	}
	for (int i = 0; i < 8; i++) {
		int status;

		cr_assert(waitpid(children[i], &status, 0) == children[i]);
		cr_assert(WIFEXITED(status) &&
			      (WEXITSTATUS(status) == OK ||
				  WEXITSTATUS(status) == ERR_CONFLICT),
		    "%d", status);
		winners += WEXITSTATUS(status) == OK;
	}
	ASSERT_INT(winners, 1);
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "one of them"));
}

/* ---- list ---- */

static struct list
list(struct str prefix, struct str after, size_t limit)
{
	struct list found;

	ASSERT_OK(object_list(
	    place, OBJECT_PUBLIC, prefix, after, limit, kit_arena, &found));
	return found;
}

Test(contract, list_is_in_order_and_goes_on)
{
	static const char *const keys[] = {
	    "aab-l", "aab-m", "aab.x", "abc", "zz9", "zzz", "22x"};
	static const char *const ordered[] = {
	    "22x", "aab-l", "aab-m", "aab.x", "abc", "zz9", "zzz"};
	struct str after = NONE;
	size_t seen = 0;

	for (size_t i = 0; i < 7; i++)
		ASSERT_OK(place_put(OBJECT_PUBLIC, str_from(keys[i]), "x"));
	ASSERT_OK(place_put(OBJECT_HIDDEN, STR("hidden"), "x"));
	for (struct list page;; seen += page.count) {
		page = list(NONE, after, 2);
		const struct object_entry *entry = page.items;
		for (size_t i = 0; i < page.count; i++)
			cr_assert(str_equal(
			    entry[i].key, str_from(ordered[seen + i])));
		if (page.count < 2)
			break;
		after = entry[1].key;
	}
	ASSERT_INT((long long)seen + 1, 7);
}

Test(contract, list_tells_size_and_time)
{
	struct object_entry head;
	const struct object_entry *entry;

	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "four"));
	ASSERT_OK(object_head(place, OBJECT_PUBLIC, KEY, &head));
	entry = list(NONE, NONE, 10).items;
	ASSERT_INT(entry->size_bytes, 4);
	/* A head may know whole seconds alone. */
	ASSERT_INT(entry->changed.us / 1000000, head.changed.us / 1000000);
}

Test(contract, list_keeps_to_its_prefix)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, STR("abc-l"), "x"));
	ASSERT_OK(place_put(OBJECT_PUBLIC, STR("abc-m"), "x"));
	ASSERT_OK(place_put(OBJECT_PUBLIC, STR("abd-l"), "x"));
	ASSERT_OK(place_put(OBJECT_PUBLIC, STR("acc-l"), "x"));
	ASSERT_INT((long long)list(STR("abc"), NONE, 10).count, 2);
	ASSERT_INT((long long)list(STR("abc-m"), NONE, 10).count, 1);
	ASSERT_INT((long long)list(STR("ab"), NONE, 10).count, 3);
	ASSERT_INT((long long)list(STR("a"), NONE, 10).count, 4);
	ASSERT_INT((long long)list(STR("a"), STR("abd"), 10).count, 2);
	ASSERT_INT((long long)list(STR("b"), NONE, 10).count, 0);
	ASSERT_INT((long long)list(NONE, NONE, 0).count, 0);
}

/* An S3 server lists no more than 1,000 at a time. */
Test(contract, more_than_a_thousand_are_listed_at_once)
{
	enum {
		COUNT = 1050
	};
	const struct object_entry *entry;
	struct list found;

	for (int i = COUNT; i-- > 0;)
		ASSERT_OK(place_put(OBJECT_PUBLIC, kit_text("ab%04d", i), "x"));
	found = list(STR("ab"), STR("ab0009"), 2 * COUNT);
	ASSERT_INT((long long)found.count, COUNT - 10);
	entry = found.items;
	for (size_t i = 0; i < found.count; i++)
		cr_assert(
		    str_equal(entry[i].key, kit_text("ab%04d", (int)i + 10)));
	found = list(STR("ab"), NONE, COUNT - 1);
	ASSERT_INT((long long)found.count, COUNT - 1);
}

/* ---- the rest ---- */

Test(contract, address_is_the_same_in_every_store)
{
	struct str address;

	ASSERT_OK(object_address(KEY, kit_arena, &address));
	ASSERT_STR(address, "/i/ab/abcdefghijklmnopqrstuvwxy2-l.jpg");
	ASSERT_ERR(object_address(STR("../x"), kit_arena, &address), ERR_INPUT);
}

Test(contract, preparing_again_changes_nothing)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "x"));
	ASSERT_OK(object_prepare(place));
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "x"));
}

Test(contract, check_finds_it_well_and_leaves_nothing)
{
	struct list found;

	ASSERT_OK(object_check(place, kit_arena));
	for (int space = OBJECT_PUBLIC; space <= OBJECT_HIDDEN; space++) {
		ASSERT_OK(object_list(place, (enum object_space)space, NONE,
		    NONE, 10, kit_arena, &found));
		ASSERT_INT((long long)found.count, 0);
	}
	ASSERT_LACKS(kit_log(), "not as it must be");
}

/* ---- addresses ---- */

Test(contract, a_public_object_has_one_too)
{
	struct str shown;

	ASSERT_OK(
	    object_inner_address(place, OBJECT_PUBLIC, KEY, kit_arena, &shown));
	cr_assert(str_starts(shown, STR("/shown/")));
	ASSERT_HAS(shown, "/abcdefghijklmnopqrstuvwxy2-l.jpg");
}

Test(contract, a_hidden_object_has_an_address_for_nginx_alone)
{
	struct str address;

	ASSERT_OK(object_inner_address(
	    place, OBJECT_HIDDEN, KEY, kit_arena, &address));
	cr_assert(str_starts(address, STR("/hidden/")));
	ASSERT_HAS(address, "/abcdefghijklmnopqrstuvwxy2-l.jpg");
	ASSERT_ERR(object_inner_address(
		       place, OBJECT_HIDDEN, STR("../x"), kit_arena, &address),
	    ERR_INPUT);
}
