/* What the tests of this folder share: an arena, and strings to compare. */
#ifndef PIXLPIX_TESTS_HTTP_SUPPORT_H
#define PIXLPIX_TESTS_HTTP_SUPPORT_H

#include "base/arena.h"

#include <criterion/criterion.h>

/* A fresh arena of 4 MiB; the test process ends before it would matter that
 * nobody frees it, but the sanitizer looks, so test_arena_end does. */
extern struct arena *test_arena;

void test_arena_start(void);

void test_arena_end(void);

/* A view's bytes, NUL-terminated, in the test's arena. */
const char *z(struct str s);

#define ASSERT_STR(got, expected)                                     \
	do {                                                          \
		struct str got_ = (got);                              \
		struct str expected_ = str_from(expected);            \
		cr_assert(str_equal(got_, expected_), "got \"%.*s\"", \
		    STR_ARG(got_));                                   \
	} while (0)

#define ASSERT_ERR(expression, expected)                                 \
	do {                                                             \
		enum err got_ = (expression);                            \
		cr_assert(got_ == (expected), "got %s", err_name(got_)); \
	} while (0)

#endif
