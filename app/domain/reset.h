/* Links for who has forgotten their password.
 *
 * A sysadmin has one made and hands it over, or its owner asks for one and gets
 * it by mail.  It works once, for a day, and whoever has it may set a new
 * password; the database keeps its SHA-256.
 */
#ifndef PIXLPIX_DOMAIN_RESET_H
#define PIXLPIX_DOMAIN_RESET_H

#include "domain/site.h"
#include "store/sql.h"

enum {
	RESET_TOKEN_BYTES = 32,
	RESET_HOURS = 24,
	RESET_WAITING_MAX = 1000 /* who have asked and have no mail yet */
};

/* A link that is to be mailed. */
struct reset_mail {
	int64_t account;
	struct str name;
	struct str email;
	struct str address; /* of the page, with what only the mail tells */
	struct str token_hash;
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

/* Somebody asks for a link: a job of kind "reset_mail" is left.  `who` is what
 * they typed, a user name or an e-mail address; whether it is anybody's is not
 * looked up, so neither the answer nor its time can tell.  ERR_INPUT with a
 * complaint; ERR_BUSY where RESET_WAITING_MAX wait already. */
enum err reset_ask(const struct site *site, struct arena *a, struct str who,
    struct str *complaint);

/* The link for whom `who` means.  Nothing is kept yet: reset_mail_done does
 * so when the mail is on its way, so that no row is locked while a mail server
 * takes its time.  *is_due is false where it is nobody, and where the account's
 * last link is younger than 15 minutes or was the third within a day of the
 * one before. */
enum err reset_mail_make(const struct site *site, struct arena *a,
    struct str who, struct reset_mail *out, bool *is_due);

/* From now on the link works, and the one before does not. */
enum err reset_mail_done(
    const struct site *site, struct arena *a, const struct reset_mail *mail);

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
