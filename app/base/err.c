/* The names of the error classes, for the log. */
#include "base/err.h"

#include <stddef.h>

static const char *const names[ERR_COUNT_] = {
    [OK] = "ok",
    [ERR_INPUT] = "input",
    [ERR_LOGIN] = "login",
    [ERR_FORBIDDEN] = "forbidden",
    [ERR_ABSENT] = "absent",
    [ERR_METHOD] = "method",
    [ERR_CONFLICT] = "conflict",
    [ERR_TOO_BIG] = "too_big",
    [ERR_MEDIA_TYPE] = "media_type",
    [ERR_TOO_MANY] = "too_many",
    [ERR_BUSY] = "busy",
    [ERR_DATABASE] = "database",
    [ERR_LOST] = "lost",
    [ERR_STORE] = "store",
    [ERR_MEMORY] = "memory",
    [ERR_IO] = "io",
    [ERR_INTERNAL] = "internal",
};

const char *
err_name(enum err e)
{
	if ((size_t)e >= ERR_COUNT_ || names[e] == NULL)
		return "unknown";
	return names[e];
}
