/* Counts for gcov out of processes that cannot leave them behind by
 * themselves.  Linked into the programs of --enable-coverage builds alone, in
 * place of two functions (ld's --wrap), so that the product knows nothing of
 * it:
 *
 * - _exit, which runs nothing at the end of a process, writes the counts;
 * - sandbox_enter, behind which no file can be opened, first puts the
 *   program's variables, gcov's counters among them, into memory that is
 *   shared with a child.  The child stays outside, waits for the end of its
 *   parent, however that comes, and writes the counts.  The sandbox itself is
 *   as it always is.
 */
#ifndef PIXLPIX_TESTS_HELPER_COUNTS_H
#define PIXLPIX_TESTS_HELPER_COUNTS_H

#include "media/sandbox.h"

/* libgcov's (gcov.h, which clang does not have): writes the counts of the
 * process, added to those that are there. */
void __gcov_dump(void);

/* True where a child will write this process's counts. */
extern bool counts_left_to_child;

_Noreturn void __real__exit(int status);

_Noreturn void __wrap__exit(int status);

enum err __real_sandbox_enter(const struct sandbox *s);

enum err __wrap_sandbox_enter(const struct sandbox *s);

#endif
