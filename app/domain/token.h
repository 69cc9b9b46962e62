/* Tokens: what programs show in place of a session, and what each may do.
 *
 * A token is shown once, to the person who made it; the database keeps its
 * SHA-256.  It stands for its account, within its scopes, until it is revoked,
 * the password is changed or the account is erased.  What moderators do it does
 * as long as the account is a moderator's or an admin's.
 */
#ifndef PIXLPIX_DOMAIN_TOKEN_H
#define PIXLPIX_DOMAIN_TOKEN_H

#include "domain/site.h"
#include "store/sql.h"

enum {
	TOKEN_BYTES = 32,
	TOKEN_CHARS = 47, /* "pix_" and base64url */
	TOKEN_NAME_MAX = 50,
	TOKENS_MAX = 50 /* of an account */
};

struct token_draft {
	int64_t account;
	struct str name; /* what it is for, in its owner's words */
	bool can_read;
	bool can_write;
	bool can_upload;
	bool can_moderate; /* for moderators and admins alone */
	struct str form_key;
};

struct token_complaints {
	struct str name;
	struct str scopes;
	struct str whole;
};

/* Makes a token.  *token is what to show; absent where the same form has made
 * one before, which nobody can show again.  ERR_INPUT with complaints where a
 * rule is broken. */
enum err token_make(const struct site *site, struct arena *a,
    const struct token_draft *draft, struct token_complaints *complaints,
    struct str *token);

/* Ends one's own token.  ERR_ABSENT where it is another's or gone. */
enum err token_revoke(
    const struct site *site, struct arena *a, int64_t account, int64_t token);

/* Who comes with that token, and how often it has in the minute that is
 * running, this call included; can_moderate and is_admin are what token and
 * role allow together.  ERR_LOGIN where it is nobody's. */
enum err token_enter(const struct site *site, struct arena *a, struct str token,
    struct sql_token_enter_row *out);

#endif
