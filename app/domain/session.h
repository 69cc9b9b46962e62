/* Being logged in: tokens, and who a token stands for.
 *
 * The visitor keeps a random token in a cookie, the database keeps its
 * SHA-256.  A form's CSRF token is an HMAC keyed with the cookie's token, so
 * that only who has the cookie can make it, and nothing is stored for it.
 */
#ifndef PIXLPIX_DOMAIN_SESSION_H
#define PIXLPIX_DOMAIN_SESSION_H

#include "domain/site.h"
#include "store/sql.h"

enum {
	SESSION_TOKEN_BYTES = 32,
	SESSION_TOKEN_CHARS = 43
};

/* Queues the statement that begins every page: who the token (absent: nobody)
 * stands for.  With `is_reading` nothing can be written in the transaction. */
enum err session_ask_viewer(const struct site *site, struct arena *a,
    struct str token, bool is_reading, struct sql_viewer_find_row *out);

/* A new session; *token is for the cookie.  Rows of sessions that have ended
 * as idle go with it.  `password_of` is when the password was made that has
 * been checked, or NULL where none was; ERR_ABSENT where it has been changed
 * since, and where there is no such account. */
enum err session_start(const struct site *site, struct arena *a,
    int64_t account, const struct when *password_of, struct str *token);

/* Ends the session of the token, if there is one. */
enum err session_end(
    const struct site *site, struct arena *a, struct str token);

/* Keeps a session from ending as idle. */
enum err session_touch(
    const struct site *site, struct arena *a, struct str token);

/* What forms carry against cross-site requests: 43 characters. */
enum err session_csrf(struct arena *a, struct str token, struct str *out);

#endif
