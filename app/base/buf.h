/* A growing buffer with a sticky failure.
 *
 * Append without looking at each result; ask buf_check once at the end.
 * After a failure nothing more is appended.  The memory is the buffer's own
 * (malloc), so that one page buffer can be kept from request to request.
 */
#ifndef PIXLPIX_BASE_BUF_H
#define PIXLPIX_BASE_BUF_H

#include "base/str.h"

#include <string.h>

struct buf {
	char *at;
	size_t len;
	size_t cap;
	size_t max_bytes; /* 0: no limit but memory */
	enum err failure; /* OK, ERR_TOO_BIG or ERR_MEMORY */
};

/* buf_put's way where there may be no room. */
void buf_put_growing(struct buf *b, struct str s);

static inline void
buf_put(struct buf *b, struct str s)
{
	if (b->at != NULL && s.len > 0 && s.len < b->cap - b->len &&
	    b->failure == OK &&
	    (b->max_bytes == 0 || s.len <= b->max_bytes - b->len)) {
		memcpy(b->at + b->len, s.at, s.len);
		b->len += s.len;
	} else {
		buf_put_growing(b, s);
	}
}

static inline void
buf_put_char(struct buf *b, char c)
{
	buf_put(b, (struct str){&c, 1});
}

/* In decimal. */
void buf_put_int(struct buf *b, int64_t n);

/* The format is a literal; not for HTML or SQL. */
__attribute__((format(printf, 2, 3))) void buf_printf(
    struct buf *b, const char *format, ...);

/* With & < > " ' as character references, fit for HTML text and for a quoted
 * attribute. */
void buf_put_escaped(struct buf *b, struct str s);

/* As a JSON string with its quotes (RFC 8259); bytes that are not UTF-8
 * become U+FFFD. */
void buf_put_json(struct buf *b, struct str s);

/* Lines of text for a manual page (mdoc(7)): nothing in them is a macro or an
 * escape.  The last line ends, too. */
void buf_put_mdoc(struct buf *b, struct str s);

/* Percent-encoded for one path segment or query value (RFC 3986: all but
 * unreserved). */
void buf_put_percent(struct buf *b, struct str s);

/* A view of what is in it; good until the next append. */
struct str buf_str(const struct buf *b);

/* OK, or the first failure. */
enum err buf_check(const struct buf *b);

/* Empty again, failure forgotten; keeps the memory unless it is over 1 MiB. */
void buf_reset(struct buf *b);

/* Gives the memory back; the buffer may be used again. */
void buf_free(struct buf *b);

#endif
