/* The one error type of the program.
 *
 * Whatever can fail returns `enum err`; the compiler insists that it is
 * looked at.  The value is the class of the failure, which is all that a
 * visitor learns; the cause goes to the log at the place where it is known.
 * pages/page.c turns a class into a page and its HTTP status.
 */
#ifndef PIXLPIX_BASE_ERR_H
#define PIXLPIX_BASE_ERR_H

/* clang-format off */
enum [[nodiscard]] err {
	OK = 0,
	ERR_INPUT,      /* what came from outside breaks a rule: 400 */
	ERR_LOGIN,      /* needs a logged-in account: login page, 401 */
	ERR_FORBIDDEN,  /* not this account's to do: 403 */
	ERR_ABSENT,     /* there is no such thing (for this viewer): 404 */
	ERR_METHOD,     /* the page has no such method: 405 */
	ERR_CONFLICT,   /* a uniqueness rule refused it: 409 */
	ERR_TOO_BIG,    /* more bytes than the limit: 413 */
	ERR_MEDIA_TYPE, /* not a type that is understood: 415 */
	ERR_TOO_MANY,   /* a rate limit: 429 */
	ERR_BUSY,       /* a bounded queue is full; try again: 503 */
	ERR_DATABASE,   /* the database refused or failed: 500 */
	ERR_LOST,       /* the database connection broke: retry or 503 */
	ERR_STORE,      /* the object store failed: 503 */
	ERR_MEMORY,     /* an arena's cap or malloc: 500 */
	ERR_IO,         /* a system call failed: 500 */
	ERR_INTERNAL,   /* the program contradicts itself: 500 */
	ERR_COUNT_
};
/* clang-format on */

/* A constant lower-case word for the log, such as "too_big". */
const char *err_name(enum err e);

/* Leaves the calling function with the error, if there is one. */
#define TRY(expression)                           \
	do {                                      \
		enum err try_err_ = (expression); \
		if (try_err_ != OK)               \
			return try_err_;          \
	} while (0)

#endif
