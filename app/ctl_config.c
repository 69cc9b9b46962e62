/* pixlpixctl: the configuration and the schema. */
#include "ctl.h"
#include "store/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
print(struct buf *b)
{
	/* Of what fwrite itself could not write fflush knows nothing. */
	bool is_written = buf_check(b) == OK &&
	                  fwrite(b->at, 1, b->len, stdout) == b->len &&
	                  fflush(stdout) == 0;

	buf_free(b);
	return is_written ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* With a configuration what is in force, without one the defaults. */
static int
show(const struct ctl *ctl, int count, char **words)
{
	struct buf b = {0};

	(void)words;
	if (count != 0)
		return CTL_USAGE;
	conf_put(&b, ctl->conf);
	return print(&b);
}

static int
show_nginx(const struct ctl *ctl, int count, char **words)
{
	static const char *const parts[] = {[CONF_NGINX_SERVER] = "server",
	    [CONF_NGINX_HTTP] = "http",
	    [CONF_NGINX_IMAGES] = "images",
	    [CONF_NGINX_LISTEN] = "listen"};
	struct buf b = {0};

	if (count == 0) {
		conf_put_nginx(&b, ctl->conf, CONF_NGINX_SERVER);
		return print(&b);
	}
	for (size_t i = 0; count == 1 && i < sizeof(parts) / sizeof(parts[0]);
	     i++)
		if (strcmp(words[0], parts[i]) == 0) {
			conf_put_nginx(&b, ctl->conf, (enum conf_nginx)i);
			return print(&b);
		}
	return CTL_USAGE;
}

static int
migrate(const struct ctl *ctl, int count, char **words)
{
	struct migrate_report report = {0};
	const char *conninfo, *dir;
	enum err e;

	(void)words;
	if (count != 0)
		return CTL_USAGE;
	e = conf_conninfo(ctl->arena, ctl->conf, &conninfo);
	if (e == OK)
		e = arena_z(ctl->arena, ctl->conf->schema_dir, &dir);
	if (e == OK)
		e = migrate_apply(conninfo, dir, &report);
	if (e != OK)
		return ctl_fail("the schema could not be brought up to date; "
				"the lines above say why");
	return EXIT_SUCCESS;
}

const struct ctl_command ctl_config_commands[] = {
    {.words = {"config", "show"},
	.help = "the configuration in force, each key explained",
	.run = show},
    {.words = {"config", "defaults"},
	.help = "the same with every default",
	.needs_no_conf = true,
	.run = show},
    {.words = {"config", "nginx"},
	.arguments = "[server | http | images | listen]",
	.help = "what nginx has to know: the limits of its server\n"
		"block, its http block, where the images are, and what\n"
		"to listen on",
	.run = show_nginx},
    {.words = {"migrate"},
	.help = "bring the database's schema up to date",
	.run = migrate},
    {.run = NULL},
};
