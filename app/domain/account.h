/* Accounts: joining, logging in, changing what people see of one. */
#ifndef PIXLPIX_DOMAIN_ACCOUNT_H
#define PIXLPIX_DOMAIN_ACCOUNT_H

#include "domain/site.h"

/* Bumped whenever the terms or the privacy text change in what they say. */
#define ACCOUNT_TERMS_VERSION "2026-11-21"

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

struct account_login {
	struct str who; /* user name or e-mail address */
	struct str password;
	struct str client; /* the visitor's address */
};

/* The account of a name and its password, and since when it has been that.
 * ERR_INPUT where they do not belong together, in the same time whether or not
 * there is such an account; ERR_TOO_MANY after too many failures
 * (domain/guess.h); ERR_BUSY as above; ERR_FORBIDDEN where they do belong
 * together, and the account is suspended. */
enum err account_log_in(const struct site *site, struct arena *a,
    const struct account_login *login, int64_t *account,
    struct when *password_of);

struct account_password_change {
	struct str current;
	struct str password;
	struct str again;
	struct str name;   /* of the account */
	struct str email;  /* of the account */
	struct str client; /* the visitor's address */
};

struct account_password_complaints {
	struct str current;
	struct str password;
	struct str again;
};

/* A new password, after the current one has been checked; with it end all
 * sessions of the account, so that the caller starts a new one.  ERR_INPUT with
 * complaints, ERR_BUSY; a wrong current one is a failed login for the account's
 * name, and ERR_TOO_MANY as there. */
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

/* Takes the profile picture out of public reach, and changes nothing where
 * there is none. */
enum err account_remove_picture(
    const struct site *site, struct arena *a, int64_t account);

#endif
