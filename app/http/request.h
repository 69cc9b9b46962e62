/* One request, validated: what the handlers see of the visitor's words.
 *
 * http/fcgi.c makes it from the parameters that nginx sends.  The views are
 * good until the request ends.
 */
#ifndef PIXLPIX_HTTP_REQUEST_H
#define PIXLPIX_HTTP_REQUEST_H

#include "base/arena.h"
#include "http/body.h"

enum method {
	METHOD_OTHER, /* none that the site knows: ERR_METHOD */
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE
};

enum {
	REQUEST_PATH_BYTES = 1024, /* most, encoded, also of the next */
	REQUEST_QUERY_BYTES = 2048,
	REQUEST_ID_CHARS = 32
};

struct request {
	enum method method;
	struct str path;      /* decoded, begins with '/', no dot segments, no
	                       * empty segments, UTF-8 without NUL */
	struct list segments; /* of struct str: what stands between the slashes
	                       * of the path; see request_make */
	struct str raw_path;  /* as sent, whatever it is */
	struct str query;     /* as sent, without the '?' */
	struct str content_type;
	int64_t content_length; /* 0 where there is none */
	struct str cookies;     /* the Cookie header; see http/cookie.h */
	struct str origin;
	struct str referer;
	struct str host;
	struct str accept;
	struct str user_agent;
	struct str authorization;   /* as sent */
	struct str if_match;        /* as sent */
	struct str if_none_match;   /* as sent */
	struct str idempotency_key; /* as sent */
	struct str remote_addr;
	struct str request_id; /* 32 lower-case hexadecimal digits */
	struct str refused;    /* the path, as sent, of a request that nginx has
	                        * refused and wants an error page for */
	bool is_https;
	struct body *body;  /* empty for GET and HEAD */
	enum err fault;     /* OK; else the answer must be an error page:
	                     * ERR_INPUT where the address or a header breaks
	                     * the rules (path and query are then empty) */
	bool is_path_fault; /* it is the path alone: all else is there */
};

/* Makes a request of "NAME=value" parameters (RFC 3875 names; ends with
 * NULL): REQUEST_METHOD, REQUEST_URI, CONTENT_TYPE, CONTENT_LENGTH, HTTPS,
 * REMOTE_ADDR, REQUEST_ID, HTTP_COOKIE, HTTP_ORIGIN, HTTP_REFERER, HTTP_HOST,
 * HTTP_ACCEPT, HTTP_USER_AGENT, HTTP_AUTHORIZATION, HTTP_IF_MATCH,
 * HTTP_IF_NONE_MATCH, HTTP_IDEMPOTENCY_KEY.  A bad one still gives a request,
 * with its fault set, so that the visitor gets a page.  A REQUEST_ID that is
 * missing or not 32 hexadecimal digits is replaced by a random one.
 *
 * A slash that comes as %2F is part of its segment, so that names may hold one.
 * Where a path with such a slash has dot or empty segments, it is a slash like
 * all others: nginx takes it for one, and only then do both mean the same
 * page.  The last segment is empty where the path ends with a slash.
 *
 * The parameters and `body` must outlive the request.  ERR_MEMORY past the
 * arena's cap, ERR_IO without random bytes. */
enum err request_make(struct arena *a, const char *const *params,
    struct body *body, struct request *out);

/* Whether the request comes from a page of the site at `site_url`
 * ("https://pix.example", a path is ignored): the Origin header equals its
 * scheme, host and port; without one, the Referer's do; without both the answer
 * is yes, and the CSRF token decides.  "null" is a stranger.  Default ports may
 * be left out, case does not count (RFC 6454). */
bool request_is_same_site(const struct request *r, struct str site_url);

#endif
