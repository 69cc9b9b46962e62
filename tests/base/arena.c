/* Memory with one lifetime. */
#include "base/arena.h"

#include "../helper/kit.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

TestSuite(arena, .init = kit_start, .fini = kit_end);

static char trace[16];

static void
note(void *letter)
{
	size_t length = strlen(trace);

	cr_assert(length + 1 < sizeof(trace));
	trace[length] = *(const char *)letter;
}

static bool
is_zero(const unsigned char *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i] != 0)
			return false;
	return true;
}

Test(arena, memory_is_zeroed_also_when_it_is_used_again)
{
	unsigned char *at = arena_alloc(kit_arena, 5000);

	cr_assert(at != NULL && is_zero(at, 5000));
	memset(at, 0xff, 5000);
	arena_reset(kit_arena);
	at = arena_alloc(kit_arena, 5000);
	cr_assert(is_zero(at, 5000));
}

Test(arena, memory_is_aligned_for_any_type)
{
	for (size_t size = 0; size < 40; size++) {
		void *at = arena_alloc(kit_arena, size);

		cr_assert(at != NULL);
		cr_assert((uintptr_t)at % alignof(max_align_t) == 0);
	}
}

Test(arena, pieces_do_not_touch_each_other_over_many_blocks)
{
	unsigned char *pieces[200];

	for (size_t i = 0; i < 200; i++) {
		pieces[i] = arena_alloc(kit_arena, 7001);
		cr_assert(pieces[i] != NULL);
		memset(pieces[i], (int)i, 7001);
	}
	for (size_t i = 0; i < 200; i++)
		for (size_t k = 0; k < 7001; k++)
			cr_assert(pieces[i][k] == i);
}

Test(arena, a_piece_may_be_larger_than_a_block)
{
	unsigned char *small = arena_alloc(kit_arena, 1);
	unsigned char *large = arena_alloc(kit_arena, 1000 * 1000);

	cr_assert(large != NULL && is_zero(large, 1000 * 1000));
	*small = 1;
	memset(large, 2, 1000 * 1000);
	cr_assert(*small == 1);
}

Test(arena, hands_out_its_cap_and_not_a_byte_more)
{
	struct arena *a = arena_make(160);

	cr_assert(arena_alloc(a, 160) != NULL);
	cr_assert(arena_alloc(a, 1) == NULL);
	arena_reset(a);
	cr_assert(arena_alloc(a, 161) == NULL);
	cr_assert(arena_alloc(a, 160) != NULL);
	arena_free(a);
}

Test(arena, a_refusal_leaves_room_for_what_fits)
{
	struct arena *a = arena_make(160);

	cr_assert(arena_alloc(a, 144) != NULL);
	cr_assert(arena_alloc(a, 32) == NULL);
	cr_assert(arena_alloc(a, 16) != NULL);
	arena_free(a);
}

Test(arena, sizes_that_overflow_are_refused)
{
	struct arena *a = arena_make(SIZE_MAX);

	cr_assert(arena_alloc(a, SIZE_MAX) == NULL);
	cr_assert(arena_alloc(a, SIZE_MAX - 31) == NULL);
	cr_assert(arena_array(a, SIZE_MAX / 2 + 1, 2) == NULL);
	cr_assert(arena_array(a, 2, SIZE_MAX / 2 + 1) == NULL);
	cr_assert(arena_array(a, 0, SIZE_MAX) != NULL);
	arena_free(a);
}

Test(arena, used_counts_what_was_handed_out_since_the_reset)
{
	ASSERT_INT((long long)arena_used(kit_arena), 0);
	(void)arena_alloc(kit_arena, 100);
	cr_assert(arena_used(kit_arena) >= 100);
	cr_assert(arena_used(kit_arena) < 200);
	arena_reset(kit_arena);
	ASSERT_INT((long long)arena_used(kit_arena), 0);
}

Test(arena, reset_keeps_one_block)
{
	void *at = arena_alloc(kit_arena, 16);
	void *thief;

	(void)arena_alloc(kit_arena, 60 * 1024);
	(void)arena_alloc(kit_arena, 60 * 1024);
	arena_reset(kit_arena);
	/* Were the block free, this would get it. */
	thief = malloc(64 * 1024 + 32);
	cr_assert(arena_alloc(kit_arena, 16) == at);
	free(thief);
}

Test(arena, reset_runs_the_cleanups_newest_first_and_once)
{
	char a = 'a', b = 'b', c = 'c';

	ASSERT_OK(arena_on_reset(kit_arena, note, &a));
	ASSERT_OK(arena_on_reset(kit_arena, note, &b));
	ASSERT_OK(arena_on_reset(kit_arena, note, &c));
	cr_assert_str_eq(trace, "");
	arena_reset(kit_arena);
	cr_assert_str_eq(trace, "cba");
	arena_reset(kit_arena);
	cr_assert_str_eq(trace, "cba");
}

Test(arena, free_runs_the_cleanups_too)
{
	struct arena *a = arena_make(1024);
	char letter = 'x';

	ASSERT_OK(arena_on_reset(a, note, &letter));
	arena_free(a);
	cr_assert_str_eq(trace, "x");
}

Test(arena, a_cleanup_without_room_runs_at_once)
{
	struct arena *a = arena_make(8);
	char letter = 'x';

	ASSERT_ERR(arena_on_reset(a, note, &letter), ERR_MEMORY);
	cr_assert_str_eq(trace, "x");
	arena_free(a);
	cr_assert_str_eq(trace, "x");
}

Test(arena, nothing_may_be_freed)
{
	arena_free(NULL);
}

Test(arena, a_copy_is_of_its_own)
{
	char text[] = "abc";
	struct str copy;

	ASSERT_OK(arena_copy(kit_arena, STR("x\0y"), &copy));
	cr_assert(str_equal(copy, STR("x\0y")));
	ASSERT_OK(arena_copy(kit_arena, str_from(text), &copy));
	text[0] = 'X';
	ASSERT_STR(copy, "abc");
	ASSERT_OK(arena_copy(kit_arena, (struct str){0}, &copy));
	ASSERT_STR(copy, "");
}

Test(arena, z_ends_with_a_nul)
{
	const char *text = NULL;

	ASSERT_OK(arena_z(kit_arena, str_slice(STR("abcdef"), 0, 3), &text));
	cr_assert_str_eq(text, "abc");
	ASSERT_OK(arena_z(kit_arena, (struct str){0}, &text));
	cr_assert_str_eq(text, "");
}

Test(arena, z_refuses_a_nul_inside)
{
	const char *text = "untouched";

	ASSERT_ERR(arena_z(kit_arena, STR("a\0b"), &text), ERR_INPUT);
	cr_assert_str_eq(text, "untouched");
}

Test(arena, printf_makes_a_string_of_any_length)
{
	struct str text;

	ASSERT_OK(arena_printf(kit_arena, &text, "%d-%s", 7, "x"));
	ASSERT_STR(text, "7-x");
	ASSERT_OK(arena_printf(kit_arena, &text, "%*d", 100000, 1));
	ASSERT_INT((long long)text.len, 100000);
}

Test(arena, strings_past_the_cap_are_refused_and_out_is_untouched)
{
	struct arena *a = arena_make(16);
	struct str text = STR("untouched");
	const char *z = "untouched";

	ASSERT_ERR(arena_copy(a, STR("seventeen letters"), &text), ERR_MEMORY);
	ASSERT_ERR(arena_z(a, STR("sixteen letters!"), &z), ERR_MEMORY);
	ASSERT_ERR(arena_printf(a, &text, "%16d", 1), ERR_MEMORY);
	ASSERT_STR(text, "untouched");
	cr_assert_str_eq(z, "untouched");
	arena_free(a);
}
