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
main_start(
    struct arena *a, const char *path, struct buf *complaints, struct conf *out)
{
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	/* A limit on file sizes is an error to be told, not an end. */
	(void)signal(SIGXFSZ, SIG_IGN);
	TRY(conf_load(a, path, complaints, out));
	log_set_level(level_of(out->log_level));
	return OK;
}

void
main_complain(struct buf *complaints, bool is_service)
{
	struct str text = buf_str(complaints);

	if (is_service)
		log_each(LOG_ERROR, "refused", text);
	else
		(void)fprintf(stderr, "%.*s", STR_ARG(text));
	buf_free(complaints);
}
