/* The answer to a request: collected whole, then written once.
 *
 * A handler starts with an answer of 200, text/html, no-store and an empty
 * body.  Every answer carries the site's security headers.
 */
#ifndef PIXLPIX_HTTP_RESPONSE_H
#define PIXLPIX_HTTP_RESPONSE_H

#include "base/buf.h"
#include "http/request.h"

enum {
	RESPONSE_HEADERS = 12
};

struct response_header {
	struct str name;
	struct str value;
};

struct response {
	int status;
	struct str content_type;  /* "text/html; charset=utf-8" */
	struct str cache_control; /* "no-store"; a page that is the same for
	                           * everybody may widen it */
	struct response_header headers[RESPONSE_HEADERS]; /* all others */
	size_t header_count;
	struct buf *body;
};

/* A fresh answer that fills `body`, which is emptied. */
struct response response_start(struct buf *body);

/* One more header (Set-Cookie, Allow, Retry-After, ...).  The views must live
 * until the answer is written.  ERR_INPUT where the name is no token or the
 * value holds a control character, so that nothing can be smuggled in (RFC 9110
 * section 5.5); ERR_INTERNAL when there are too many, or the name is one that
 * response_head writes itself. */
enum err response_header(struct response *r, struct str name, struct str value);

/* 303 See Other to an address of this site, with an empty body; the cookies
 * stay.  ERR_INPUT where url_is_local says no. */
enum err response_redirect(struct response *r, struct url to);

/* The header block of the answer as CGI wants it (RFC 3875 section 6.3: a
 * Status line, lines end with CRLF), with its empty line: Content-Length, the
 * type, caching, the headers and the security headers.  ERR_INTERNAL where
 * content_type or cache_control hold a control character, with nothing
 * appended; failures of memory are in the buffer. */
enum err response_head(const struct response *r, struct buf *out);

/* Whether the body goes out: not for HEAD, 204 and 304. */
bool response_has_body(const struct response *r, enum method method);

/* The reason phrase of a status, "Not Found"; "Unknown" for one that the site
 * does not use. */
const char *response_reason(int status);

#endif
