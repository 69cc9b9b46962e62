/* Links for who has forgotten their password.
 *
 * A sysadmin has one made and hands it over.  It works once, for a day, and
 * whoever has it may set a new password; the database keeps its SHA-256.
 */
#ifndef PIXLPIX_DOMAIN_RESET_H
#define PIXLPIX_DOMAIN_RESET_H

#include "domain/site.h"
#include "store/sql.h"

enum {
	RESET_TOKEN_BYTES = 32,
	RESET_HOURS = 24
};

struct reset_complaints {
	struct str password;
	struct str again;
};

/* *address is where the page is on which the password is set, with what only
 * its holder knows; *ends is when it works no more.  A link that the account
 * had before does so at once. */
enum err reset_make(const struct site *site, struct arena *a, int64_t account,
    struct str *address, struct when *ends);

/* Whose link has this token.  ERR_ABSENT where nobody's has, whether it was
 * used, has ended or never was. */
enum err reset_find(const struct site *site, struct arena *a, struct str token,
    struct sql_reset_link_find_row *out);

/* Sets the password and ends the link, all sessions and all tokens of the
 * account.  ERR_INPUT with complaints, and the link goes on; ERR_ABSENT as
 * above; ERR_BUSY. */
enum err reset_use(const struct site *site, struct arena *a, struct str token,
    struct str password, struct str again, struct reset_complaints *complaints);

#endif
