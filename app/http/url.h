/* Addresses: taking them apart and making them.
 *
 * What goes into an href or a Location is a struct url, and it is made here:
 * url_make escapes every value, url_local lets only addresses of this site
 * through.
 */
#ifndef PIXLPIX_HTTP_URL_H
#define PIXLPIX_HTTP_URL_H

#include "base/arena.h"
#include "base/shape.h"

/* Percent-decoding (RFC 3986 section 2.1).  The result is UTF-8 without NUL,
 * else ERR_INPUT, which also a bad escape gives.  is_form: '+' is a space
 * (URL standard, application/x-www-form-urlencoded). */
enum err url_decode(
    struct arena *a, struct str s, bool is_form, struct str *out);

/* The same into `out`, which has room for s.len bytes and may be where `s`
 * lies; looks at escapes alone, so the bytes may be anything. */
enum err url_decode_into(struct str s, bool is_form, char *out, size_t *len);

/* One value of url_make. */
struct url_value {
	bool is_used;
	bool is_number;
	struct str text;
	int64_t number;
};

#define URL_STR(s) ((struct url_value){true, false, (s), 0})
#define URL_INT(n) ((struct url_value){true, true, {0}, (int64_t)(n)})

/* An address from a literal pattern that begins with '/', where each "{}"
 * takes the next value, percent-encoded (all but unreserved characters):
 *
 *	TRY(url_make(a, &url, "/@{}?before={}", URL_STR(name), URL_INT(id)));
 *
 * ERR_INTERNAL where the values are not as many as the places; ERR_MEMORY. */
#define url_make(a, out, pattern, ...)          \
	url_make_from((a), (out), STR(pattern), \
	    (const struct url_value[]){__VA_ARGS__ __VA_OPT__(, ){0}})

/* `values` ends with one that is not is_used. */
enum err url_make_from(struct arena *a, struct url *out, struct str pattern,
    const struct url_value *values);

/* `site_url` ("https://pix.example", perhaps with a '/' at its end) and the
 * path, for what leaves the site: mails, feeds, meta tags. */
enum err url_absolute(
    struct arena *a, struct str site_url, struct url path, struct url *out);

/* A literal as an address. */
#define URL(literal) ((struct url){STR(literal)})

/* True for what a redirect may safely follow: begins with one '/', is ASCII
 * that can be printed, without space, backslash, '"', '<' and '>', at most
 * 2,048 bytes.  A browser cannot take it for another site. */
bool url_is_local(struct str s);

/* `s` where url_is_local, else `fallback`.  For `next` and `back` fields. */
struct url url_local(struct str s, struct url fallback);

/* The parts of an http or https address's origin (RFC 6454 section 4), views
 * of `s`; the port of the scheme where none is given.  Userinfo is refused. */
struct url_origin {
	struct str scheme;
	struct str host;
	int64_t port;
};

enum err url_origin(struct str s, struct url_origin *out);

/* Scheme and host without regard to case, and the port. */
bool url_origin_equal(struct url_origin a, struct url_origin b);

#endif
