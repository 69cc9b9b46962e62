/* See support.h. */
#include "support.h"

struct arena *test_arena;

void
test_arena_start(void)
{
	test_arena = arena_make(4 * 1024 * 1024);
	cr_assert_not_null(test_arena);
}

void
test_arena_end(void)
{
	arena_free(test_arena);
	test_arena = NULL;
}

const char *
z(struct str s)
{
	const char *out = NULL;

	cr_assert(arena_z(test_arena, s, &out) == OK);
	return out;
}
