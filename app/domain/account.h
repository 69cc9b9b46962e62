/* Accounts: joining, logging in, changing what people see of one. */
#ifndef PIXLPIX_DOMAIN_ACCOUNT_H
#define PIXLPIX_DOMAIN_ACCOUNT_H

#include "domain/site.h"

/* Bumped whenever the terms or the privacy text change in what they say. */
#define ACCOUNT_TERMS_VERSION "2026-11-21"

enum {
	/* Failed logins for one name within 15 minutes before it must rest. */
	ACCOUNT_LOGIN_TRIES = 10
};

/* What somebody who joins has typed. */
struct account_joining {
	struct str name; /* folded by rules_fold_name */
	struct str email;
	struct str display;
	struct str password;
	struct str again;
	bool has_consented;
	struct str terms; /* the version that was shown with the form */
	struct str form_key;
};

/* A complaint for each field, empty where it is fine. */
struct account_complaints {
	struct str name;
	struct str email;
	struct str display;
	struct str password;
	struct str again;
	struct str consent;
};

/* Makes an account.  ERR_INPUT with complaints where a rule is broken or a
 * name is taken; the same form sent again gives the account that it made.
 * ERR_BUSY: too many hashes at once; nothing has happened. */
enum err account_join(const struct site *site, struct arena *a,
    const struct account_joining *joining,
    struct account_complaints *complaints, int64_t *account);

/* The account of a user name or e-mail address and its password.  ERR_INPUT
 * where they do not belong together, in the same time whether or not there
 * is such an account; ERR_TOO_MANY after too many failures for that name;
 * ERR_BUSY as above. */
enum err account_log_in(const struct site *site, struct arena *a,
    struct str who, struct str password, int64_t *account);

struct account_password_change {
	struct str current;
	struct str password;
	struct str again;
	struct str name;  /* of the account */
	struct str email; /* of the account */
};

struct account_password_complaints {
	struct str current;
	struct str password;
	struct str again;
};

/* A new password, after the current one has been checked.  ERR_INPUT with
 * complaints, ERR_BUSY; ending the other sessions is the caller's. */
enum err account_change_password(const struct site *site, struct arena *a,
    int64_t account, const struct account_password_change *change,
    struct account_password_complaints *complaints);

/* Display name and bio; both have passed the rules. */
enum err account_edit(const struct site *site, struct arena *a, int64_t account,
    struct str display, struct str bio);

/* Makes the image behind `fd` the profile picture and takes the one before
 * out of public reach.  ERR_INPUT with a complaint where the image is
 * refused; ERR_BUSY, ERR_STORE and so on as domain/image.h. */
enum err account_set_picture(const struct site *site, struct arena *a,
    int64_t account, int fd, struct str *complaint);

#endif
