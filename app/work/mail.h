/* Mail, by SMTP (libcurl), as [mail] in the configuration says: to the admin,
 * and to members who have forgotten their password.
 *
 * What is worth a mail to the admin is left as a job of kind "mail", whose
 * detail is a line with the subject and then the text: pixlpix-jobs sends it,
 * and tries again when the server does not take it.  Without a database
 * mail_send is called at once.
 */
#ifndef PIXLPIX_WORK_MAIL_H
#define PIXLPIX_WORK_MAIL_H

#include "domain/site.h"

/* The subjects of jobs of kind "mail": one of each waits at a time, so that a
 * night of failures is one mail. */
enum mail_about {
	MAIL_BACKUP = 1,
	MAIL_JOBS,
	MAIL_TRY
};

/* Whether a server is named. */
bool mail_is_on(const struct conf *conf);

/* Sends one to the address `to`.  `text` is "subject\ntext"; both are UTF-8, of
 * the subject ASCII alone is shown.  ERR_INPUT where `to` is no address that
 * mail can go to, or the server says for good that it has no such mailbox
 * (RFC 5321 section 4.2.3, 550 to 553); ERR_IO where it does not take the mail
 * for any other reason, with its words in the log; ERR_MEMORY; what
 * conf_secret says of the password.  Takes at most half a minute. */
enum err mail_send(
    const struct conf *conf, struct arena *a, struct str to, struct str text);

/* Whether the server would: it is asked with everything but a mail.  *why is
 * what it said, or what is wrong on the way. */
enum err mail_check(const struct conf *conf, struct arena *a, struct str *why);

/* Leaves a job that sends it in `wait_s` seconds, unless one about the same
 * waits already or there is no server.  Queues a statement; the caller
 * syncs. */
void mail_ask(const struct site *site, enum mail_about about, struct str text,
    int64_t wait_s);

#endif
