/* Memory with one lifetime.
 *
 * One arena serves one request (or one job, or one test); everything that it
 * hands out lives until arena_reset.  It has a cap, so that no request can
 * take the machine's memory.  A cleanup may be registered on it for what is
 * not memory: a PGresult, a file descriptor.
 */
#ifndef PIXLPIX_BASE_ARENA_H
#define PIXLPIX_BASE_ARENA_H

#include "base/str.h"

#include <stddef.h>

struct arena;

/* A new arena that hands out at most `cap_bytes`; NULL without memory. */
struct arena *arena_make(size_t cap_bytes);

/* Runs the cleanups, newest first, and takes all memory back.  One block is
 * kept for the next use. */
void arena_reset(struct arena *a);

/* arena_reset, and the arena itself; NULL is allowed. */
void arena_free(struct arena *a);

/* Zeroed bytes, aligned for any type; NULL past the cap.  size 0 gives a
 * pointer that must not be followed. */
void *arena_alloc(struct arena *a, size_t size);

/* `count` zeroed things of `size` bytes; NULL past the cap or on overflow. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* A zeroed T. */
#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))

/* A copy of the bytes.  ERR_MEMORY past the cap. */
enum err arena_copy(struct arena *a, struct str s, struct str *out);

/* A NUL-terminated copy, for the edge to a C library.  ERR_INPUT where the
 * string holds a NUL, ERR_MEMORY past the cap. */
enum err arena_z(struct arena *a, struct str s, const char **out);

/* A formatted string.  The format is a literal.  ERR_MEMORY past the cap. */
__attribute__((format(printf, 3, 4))) enum err arena_printf(
    struct arena *a, struct str *out, const char *format, ...);

/* Runs fn(what) at the reset.  On ERR_MEMORY fn has been run already, so
 * that nothing leaks. */
enum err arena_on_reset(struct arena *a, void (*fn)(void *), void *what);

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

#endif
