/* What a mirror of two folders does beyond the contract. */
#include "wrapper.h"

#define KEY STR("abcdefghijklmnopqrstuvwxy2-l.jpg")

static struct object_store *first, *second, *mirror;
static struct wrapper broken;

static void
start(void)
{
	place_start();
	first = place_part(0);
	second = place_part(1);
}

static void
end(void)
{
	object_close(first);
	object_close(second);
	place_end();
}

TestSuite(mirror, .init = start, .fini = end, .timeout = 120);

/* A mirror one of whose parts (0 or 1) can be made to fail. */
static void
break_part(int number)
{
	wrapper_open(&broken, place_part(number));
	ASSERT_OK(object_mirror_open(number == 0 ? &broken.base : place_part(0),
	    number == 0 ? place_part(1) : &broken.base, &mirror));
}

static bool
is_absent(struct object_store *store, enum object_space space)
{
	struct object_entry entry;

	return object_head(store, space, KEY, &entry) == ERR_ABSENT;
}

Test(mirror, puts_into_both)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "bytes"));
	cr_assert(place_has(first, OBJECT_PUBLIC, KEY, "bytes"));
	cr_assert(place_has(second, OBJECT_PUBLIC, KEY, "bytes"));
}

Test(mirror, that_cannot_put_into_the_second_keeps_nothing)
{
	break_part(1);
	broken.put_fails = ERR_STORE;
	ASSERT_ERR(
	    place_put_in(mirror, OBJECT_PUBLIC, KEY, "bytes"), ERR_STORE);
	cr_assert(is_absent(first, OBJECT_PUBLIC));
	cr_assert(is_absent(second, OBJECT_PUBLIC));
	ASSERT_HAS(kit_log(), "object is not in the mirror");
	object_close(mirror);
}

Test(mirror, that_cannot_put_into_the_first_does_not_touch_the_second)
{
	break_part(0);
	broken.put_fails = ERR_STORE;
	ASSERT_ERR(
	    place_put_in(mirror, OBJECT_PUBLIC, KEY, "bytes"), ERR_STORE);
	cr_assert(is_absent(second, OBJECT_PUBLIC));
	object_close(mirror);
}

Test(mirror, is_content_where_a_transfer_was_faster)
{
	ASSERT_OK(place_put_in(second, OBJECT_PUBLIC, KEY, "bytes"));
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "bytes"));
	cr_assert(place_has(first, OBJECT_PUBLIC, KEY, "bytes"));
}

Test(mirror, refuses_a_key_that_the_second_has_for_something_else)
{
	ASSERT_OK(place_put_in(second, OBJECT_PUBLIC, KEY, "others' bytes"));
	ASSERT_ERR(place_put(OBJECT_PUBLIC, KEY, "bytes"), ERR_CONFLICT);
	cr_assert(is_absent(first, OBJECT_PUBLIC));
	cr_assert(place_has(second, OBJECT_PUBLIC, KEY, "others' bytes"));
}

Test(mirror, reads_what_the_first_has_lost_from_the_second)
{
	struct object_entry entry;

	ASSERT_OK(place_put_in(second, OBJECT_PUBLIC, KEY, "bytes"));
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "bytes"));
	ASSERT_OK(object_head(place, OBJECT_PUBLIC, KEY, &entry));
	ASSERT_INT(entry.size_bytes, 5);
	ASSERT_HAS(kit_log(), "object read from the mirror");
}

Test(mirror, reads_from_the_second_while_the_first_is_away)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "bytes"));
	break_part(0);
	broken.get_fails = ERR_STORE;
	cr_assert(place_has(mirror, OBJECT_PUBLIC, KEY, "bytes"));
	object_close(mirror);
}

Test(mirror, whose_first_is_away_does_not_call_an_object_absent)
{
	int64_t size;
	int fd;

	break_part(0);
	broken.get_fails = ERR_STORE;
	ASSERT_ERR(
	    object_get(mirror, OBJECT_PUBLIC, KEY, &fd, &size), ERR_STORE);
	object_close(mirror);
}

Test(mirror, moves_in_both)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "bytes"));
	ASSERT_OK(object_move(place, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	cr_assert(is_absent(first, OBJECT_PUBLIC));
	cr_assert(is_absent(second, OBJECT_PUBLIC));
	cr_assert(place_has(first, OBJECT_HIDDEN, KEY, "bytes"));
	cr_assert(place_has(second, OBJECT_HIDDEN, KEY, "bytes"));
}

Test(mirror, moves_in_the_one_that_has_it)
{
	ASSERT_OK(place_put_in(first, OBJECT_PUBLIC, KEY, "bytes"));
	ASSERT_OK(object_move(place, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	cr_assert(place_has(first, OBJECT_HIDDEN, KEY, "bytes"));
	cr_assert(is_absent(second, OBJECT_HIDDEN));
}

Test(mirror, hides_in_the_second_also_while_the_first_fails)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "bytes"));
	break_part(0);
	broken.move_fails = ERR_STORE;
	ASSERT_ERR(
	    object_move(mirror, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_STORE);
	cr_assert(is_absent(second, OBJECT_PUBLIC));
	broken.move_fails = OK;
	ASSERT_OK(object_move(mirror, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	cr_assert(is_absent(first, OBJECT_PUBLIC));
	object_close(mirror);
}

Test(mirror, says_when_the_second_does_not_hide)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "bytes"));
	break_part(1);
	broken.move_fails = ERR_STORE;
	ASSERT_ERR(
	    object_move(mirror, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_STORE);
	cr_assert(is_absent(first, OBJECT_PUBLIC));
	object_close(mirror);
}

Test(mirror, erases_from_both)
{
	ASSERT_OK(place_put(OBJECT_HIDDEN, KEY, "bytes"));
	ASSERT_OK(object_erase(place, OBJECT_HIDDEN, KEY));
	cr_assert(is_absent(first, OBJECT_HIDDEN));
	cr_assert(is_absent(second, OBJECT_HIDDEN));
}
