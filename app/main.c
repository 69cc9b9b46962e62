/* Starting any of the programs. */
#include "main.h"
#include "base/log.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>

static enum log_level
level_of(struct str name)
{
	if (str_equal(name, STR("debug")))
		return LOG_DEBUG;
	if (str_equal(name, STR("warn")))
		return LOG_WARN;
	return str_equal(name, STR("error")) ? LOG_ERROR : LOG_INFO;
}

enum err
main_start(struct arena *a, const char *path, struct conf *out)
{
	struct buf complaints = {0};
	enum err e;

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	/* A limit on file sizes is an error to be told, not an end. */
	(void)signal(SIGXFSZ, SIG_IGN);
	e = conf_load(a, path, &complaints, out);
	if (e != OK)
		(void)fprintf(stderr, "%.*s", STR_ARG(buf_str(&complaints)));
	else
		log_set_level(level_of(out->log_level));
	buf_free(&complaints);
	return e;
}
