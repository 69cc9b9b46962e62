/* Cookies (RFC 6265): one in, one out.
 *
 * Where the site is served over TLS every cookie is named __Host-NAME, which
 * browsers accept only from this host, with Secure and Path=/.  Callers use the
 * plain name and say whether it is so.
 */
#ifndef PIXLPIX_HTTP_COOKIE_H
#define PIXLPIX_HTTP_COOKIE_H

#include "base/arena.h"

/* The value of the first cookie of that name in a Cookie header, a view
 * without surrounding quotes; the absent string where there is none or its
 * bytes are not cookie-octets (section 4.1.1). */
struct str cookie_find(struct str header, struct str name, bool is_secure);

/* A Set-Cookie value: HttpOnly, SameSite=Lax, Path=/, with TLS Secure and the
 * prefix.  max_age_s 0 makes the browser forget it; below 0, it lasts until the
 * browser is closed.  ERR_INPUT where the value has other bytes than
 * cookie-octets; ERR_MEMORY. */
enum err cookie_make(struct arena *a, struct str name, struct str value,
    int64_t max_age_s, bool is_secure, struct str *out);

#endif
