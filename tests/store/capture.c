/* What the code under test writes to its log. */
#include "capture.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int file = -1;

void
capture_log(void)
{
	file = memfd_create("log", MFD_CLOEXEC);
	log_set_fd(file);
}

static bool
has_all(const char *line, const char *first, va_list rest)
{
	for (const char *s = first; s != NULL; s = va_arg(rest, const char *))
		if (strstr(line, s) == NULL)
			return false;
	return true;
}

bool
captured_line_with(const char *first, ...)
{
	static char text[256 * 1024];
	ssize_t length = pread(file, text, sizeof(text) - 1, 0);
	bool is_found = false;

	text[length > 0 ? length : 0] = '\0';
	for (char *line = strtok(text, "\n"); line != NULL && !is_found;
	     line = strtok(NULL, "\n")) {
		va_list rest;

		va_start(rest, first);
		is_found = has_all(line, first, rest);
		va_end(rest);
	}
	if (!is_found) {
		length = pread(file, text, sizeof(text) - 1, 0);
		text[length > 0 ? length : 0] = '\0';
		(void)fprintf(stderr, "captured log:\n%s", text);
	}
	return is_found;
}
