/* What moderators, admins and the sysadmin do about other people's accounts,
 * posts and comments.
 *
 * A role is "member", "moderator" or "admin"; each may what those before it
 * may.  All that happens here is kept in the table moderation, with who did it
 * and why.
 */
#ifndef PIXLPIX_DOMAIN_MODERATE_H
#define PIXLPIX_DOMAIN_MODERATE_H

#include "domain/site.h"
#include "store/sql.h"

enum {
	MODERATE_REASON_MAX = 500 /* characters */
};

/* Who acts.  {0} is the sysadmin's shell, to whom nothing is forbidden. */
struct moderator {
	int64_t account;
	bool is_admin;
};

/* Whether that is the name of a role. */
bool moderate_is_role(struct str role);

/* Whether a reason will do: *complaint is empty then.  ERR_MEMORY. */
enum err moderate_check_reason(
    struct arena *a, struct str reason, struct str *complaint);

/* The account of a user name or an e-mail address.  ERR_ABSENT. */
enum err moderate_find(const struct site *site, struct arena *a,
    struct str name, struct sql_account_line_row *out);

/* Gives a role; *before is the one until now. */
enum err moderate_role(const struct site *site, struct arena *a,
    int64_t account, struct str role, struct str *before);

/* Makes the account an admin where the site has none; *is_made tells. */
enum err moderate_first_admin(
    const struct site *site, struct arena *a, int64_t account, bool *is_made);

/* Suspends an account: it cannot log in, its sessions and tokens end, its posts
 * and comments are in nobody's sight, and a job takes its images out of public
 * reach.  ERR_CONFLICT where it is suspended already; ERR_FORBIDDEN where the
 * actor may not: oneself, an admin, and a moderator by a moderator. */
enum err moderate_suspend(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t account, struct str reason);

/* Ends a suspension, and all of that comes back but sessions and tokens.
 * ERR_CONFLICT where there is none; ERR_FORBIDDEN as above. */
enum err moderate_lift(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t account, struct str reason);

/* Why the account of a login is suspended; ERR_ABSENT where it is not. */
enum err moderate_suspension(const struct site *site, struct arena *a,
    struct str who, struct str *because);

/* A new password for somebody who has forgotten theirs; sessions and tokens of
 * the account end.  ERR_INPUT with a complaint; ERR_BUSY. */
enum err moderate_reset(const struct site *site, struct arena *a,
    const struct sql_account_line_row *account, struct str password,
    struct str *complaint);

/* Deletes anybody's post, or comment, as its owner could; *post is the
 * comment's.  ERR_ABSENT. */
enum err moderate_post(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t post, struct str reason);

enum err moderate_comment(const struct site *site, struct arena *a,
    const struct moderator *who, int64_t comment, struct str reason,
    int64_t *post);

#endif
