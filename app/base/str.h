/* Immutable byte strings: a view of bytes that somebody else owns.
 *
 * `struct str` holds any bytes, NUL included, and is not terminated.  The
 * wrapper types say what the bytes are, so that the template engine can
 * escape by type: `struct html` is trusted markup, `struct url` an address
 * that is safe in an href, `struct when` an instant.
 */
#ifndef PIXLPIX_BASE_STR_H
#define PIXLPIX_BASE_STR_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *at; /* NULL only in the absent string {0} */
	size_t len;
};

/* Markup that was made by our own code from escaped parts. */
struct html {
	struct str text;
};

/* An absolute path ("/p/7") or an http(s) address made by our own code. */
struct url {
	struct str text;
};

/* Microseconds since 1970-01-01 UTC; 0 is "never". */
struct when {
	int64_t us;
};

/* An array of anything; the shape that describes the list knows of what. */
struct list {
	const void *items;
	size_t count;
};

/* A string literal as a str. */
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).at ? (s).at : ""

/* A view of a NUL-terminated string; NULL gives the absent string. */
struct str str_from(const char *z);

bool str_equal(struct str a, struct str b);

/* Equal without regard to the case of A to Z. */
bool str_equal_nocase(struct str a, struct str b);

bool str_starts(struct str s, struct str prefix);

bool str_ends(struct str s, struct str suffix);

/* From byte `from` (at most s.len) on, at most `len` bytes. */
static inline struct str
str_slice(struct str s, size_t from, size_t len)
{
	if (s.at == NULL)
		return s;
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	return (struct str){s.at + from, len};
}

/* Without ASCII white space (space, \t, \r, \n, \f, \v) at both ends. */
struct str str_trim(struct str s);

/* The index of the first `c`, or s.len. */
size_t str_find(struct str s, char c);

/* How often `c` is in it. */
size_t str_count(struct str s, char c);

/* Cuts the part before the first `c` off `*rest` and returns it; without a
 * `c` returns all of it and leaves `*rest` empty. */
struct str str_cut(struct str *rest, char c);

/* True where the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no
 * overlong forms, nothing above U+10FFFF) and hold no NUL. */
bool str_is_text(struct str s);

/* How many code points well-formed UTF-8 has. */
size_t str_count_chars(struct str s);

/* A decimal integer, an optional '-' and digits alone, within [min, max].
 * ERR_INPUT otherwise, and *out untouched. */
enum err str_parse_int(struct str s, int64_t min, int64_t max, int64_t *out);

#endif
