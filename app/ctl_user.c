/* pixlpixctl: people. */
#include "ctl.h"
#include "domain/erase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
erase(const struct ctl *ctl, int count, char **words)
{
	struct erase_report report;
	struct site site;
	const char *name;
	enum err e;

	if (count != 2 || strcmp(words[1], "--yes") != 0)
		return CTL_USAGE;
	name = words[0];
	e = site_open(ctl->arena, ctl->conf, &site);
	if (e == OK) {
		e = erase_account(&site, ctl->arena, str_from(name), &report);
		site_close(&site);
	}
	if (e == ERR_ABSENT)
		return ctl_fail("nobody is called %s", name);
	if (e != OK)
		return ctl_fail("not erased to the end (%s); once the cause is "
				"mended, give the command again",
		    err_name(e));
	(void)printf("erased %s: %lld posts, %lld images\n", name,
	    (long long)report.posts, (long long)report.images);
	return EXIT_SUCCESS;
}

const struct ctl_command ctl_user_commands[] = {
    {.words = {"user", "erase"},
	.arguments = "NAME --yes",
	.help = "erase an account with its posts, comments and images",
	.run = erase},
    {.run = NULL},
};
