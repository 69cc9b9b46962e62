/* pixlpixctl: mail to the admin. */
#include "ctl.h"
#include "work/mail.h"

#include <stdio.h>
#include <stdlib.h>

static int
test(const struct ctl *ctl, int count, char **words)
{
	struct str text;
	enum err e;

	(void)words;
	if (count != 0)
		return CTL_USAGE;
	if (!mail_is_on(ctl->conf))
		return ctl_fail("no mail is sent: [mail] in the configuration "
				"names no server");
	e = arena_printf(ctl->arena, &text,
	    "%.*s: a test\nWhoever looks after this site gets mail like this "
	    "when a backup fails and when background work is given up.\n",
	    STR_ARG(conf_host(ctl->conf)));
	if (e == OK)
		e = mail_send(ctl->conf, ctl->arena, ctl->conf->mail_to, text);
	if (e != OK)
		return ctl_fail("%.*s has not taken it (%s); the lines above "
				"say why",
		    STR_ARG(ctl->conf->mail_server), err_name(e));
	(void)printf("%.*s has taken a mail for %.*s\n",
	    STR_ARG(ctl->conf->mail_server), STR_ARG(ctl->conf->mail_to));
	return EXIT_SUCCESS;
}

const struct ctl_command ctl_mail_commands[] = {
    {.words = {"mail", "test"},
	.help = "send the admin a mail, by [mail] in the configuration",
	.run = test},
    {.run = NULL},
};
