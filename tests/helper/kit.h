/* What the tests of most layers share: an arena, strings to compare, files to
 * read.
 *
 *	TestSuite(buf, .init = kit_start, .fini = kit_end);
 */
#ifndef PIXLPIX_TESTS_HELPER_KIT_H
#define PIXLPIX_TESTS_HELPER_KIT_H

#include "base/arena.h"
#include "base/buf.h"

#include <criterion/criterion.h>

/* Of 16 MiB, from kit_start to kit_end. */
extern struct arena *kit_arena;

void kit_start(void);

void kit_end(void);

/* A view's bytes in a block of memory of just their size, so that the
 * sanitizer sees a look past its end; NULL for no bytes.  Freed by kit_end. */
struct str kit_exact(struct str s);

/* A formatted string of the test's arena. */
__attribute__((format(printf, 1, 2))) struct str kit_text(
    const char *format, ...);

/* A file with these bytes, of the arena's life; its path. */
const char *kit_file(struct str bytes);

/* Log lines go into memory from here on. */
void kit_log_capture(void);

/* All lines since, in the arena. */
struct str kit_log(void);

/* Whether `part` stands anywhere in `whole`. */
bool kit_has(struct str whole, const char *part);

/* How often it stands there. */
size_t kit_count(struct str whole, const char *part);

#define ASSERT_STR(got, expected)                                \
	do {                                                     \
		struct str got_ = (got);                         \
		struct str expected_ = str_from(expected);       \
		cr_assert(str_equal(got_, expected_),            \
		    "got \"%.*s\", not \"%.*s\"", STR_ARG(got_), \
		    STR_ARG(expected_));                         \
	} while (0)

#define ASSERT_ERR(expression, expected)                                 \
	do {                                                             \
		enum err got_ = (expression);                            \
		cr_assert(got_ == (expected), "got %s", err_name(got_)); \
	} while (0)

#define ASSERT_OK(expression) ASSERT_ERR(expression, OK)

#define ASSERT_INT(got, expected)                                              \
	do {                                                                   \
		long long got_ = (got);                                        \
		long long expected_ = (expected);                              \
		cr_assert(                                                     \
		    got_ == expected_, "got %lld, not %lld", got_, expected_); \
	} while (0)

#define ASSERT_HAS(whole, part)                                           \
	do {                                                              \
		struct str whole_ = (whole);                              \
		cr_assert(kit_has(whole_, (part)), "no \"%s\" in:\n%.*s", \
		    (part), STR_ARG(whole_));                             \
	} while (0)

#define ASSERT_LACKS(whole, part)                                          \
	do {                                                               \
		struct str whole_ = (whole);                               \
		cr_assert(!kit_has(whole_, (part)), "\"%s\" is in:\n%.*s", \
		    (part), STR_ARG(whole_));                              \
	} while (0)

#endif
