/* What people may enter: user names, e-mail addresses, passwords, texts.
 *
 * Each rule takes what was typed and gives a complaint for the person who
 * typed it: a sentence that says what to do, or the empty string where all
 * is well.  A complaint is a literal or lives in the arena.
 */
#ifndef PIXLPIX_DOMAIN_RULES_H
#define PIXLPIX_DOMAIN_RULES_H

#include "base/arena.h"

enum {
	RULES_NAME_MIN = 3,
	RULES_NAME_MAX = 30,
	RULES_DISPLAY_MAX = 50,
	RULES_BIO_MAX = 300,
	RULES_ALT_MAX = 500,
	RULES_EMAIL_MAX_BYTES = 254,
	RULES_PASSWORD_MIN_BYTES = 8,
	RULES_PASSWORD_MAX_BYTES = 128
};

/* The name in the form in which it is kept: trimmed, A-Z as a-z. */
enum err rules_fold_name(struct arena *a, struct str typed, struct str *out);

/* A folded user name: 3 to 30 of a-z, 0-9 and _, none that the site needs
 * for itself. */
struct str rules_check_name(struct str name);

/* An e-mail address: something@host.domain, at most 254 bytes (RFC 5321). */
struct str rules_check_email(struct str email);

/* 1 to 50 characters, one line. */
struct str rules_check_display(struct str display);

/* At most `max_chars` characters, empty only where it `may_be_empty`. */
enum err rules_check_text(struct arena *a, struct str text, int64_t max_chars,
    bool may_be_empty, struct str *complaint);

/* 8 to 128 bytes, none of the most common, nor the person's own names. */
struct str rules_check_password(
    struct str password, struct str name, struct str email);

#endif
