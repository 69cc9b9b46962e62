/* /proc/PID/stat and /proc/PID/smaps_rollup. */
#include "base/usage.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	LINE_BYTES = 1024
};

/* The number at the start of a text, behind blanks; ERR_ABSENT for none. */
static enum err
number_in(struct str text, int64_t *out)
{
	text = str_trim(text);
	return str_parse_int(str_cut(&text, ' '), 0, INT64_MAX, out) == OK
	           ? OK
	           : ERR_ABSENT;
}

/* The name of the program stands in parentheses and may hold anything; the
 * state is the first field behind it, utime to cstime the twelfth to the
 * fifteenth. */
static enum err
read_cpu(FILE *file, int64_t *out)
{
	int64_t ticks = 0, one;
	char line[LINE_BYTES];
	struct str rest;

	if (fgets(line, sizeof(line), file) == NULL ||
	    strrchr(line, ')') == NULL)
		return ERR_ABSENT;
	rest = str_from(strrchr(line, ')'));
	for (int i = 0; i <= 15; i++) {
		struct str field = str_cut(&rest, ' ');

		if (i < 12)
			continue;
		TRY(number_in(field, &one));
		ticks += one;
	}
	*out = ticks * 1000000 / sysconf(_SC_CLK_TCK);
	return OK;
}

static enum err
read_memory(FILE *file, int64_t *out)
{
	char line[LINE_BYTES];
	int64_t kib;

	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "Pss:", 4) == 0) {
			TRY(number_in(str_from(line + 4), &kib));
			*out = kib * 1024;
			return OK;
		}
	return ERR_ABSENT;
}

static enum err
read_of(pid_t pid, const char *name, enum err (*take)(FILE *, int64_t *),
    int64_t *out)
{
	char path[64];
	FILE *file;
	enum err e;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	file = fopen(path, "re");
	if (file == NULL)
		return ERR_ABSENT;
	e = take(file, out);
	(void)fclose(file);
	return e;
}

enum err
usage_find(pid_t pid, struct usage *out)
{
	struct usage found;

	TRY(read_of(pid, "stat", read_cpu, &found.cpu_us));
	TRY(read_of(pid, "smaps_rollup", read_memory, &found.memory_bytes));
	*out = found;
	return OK;
}

static int64_t
cpu_us(int who)
{
	struct rusage used;

	if (getrusage(who, &used) != 0)
		return 0;
	return ((int64_t)used.ru_utime.tv_sec + used.ru_stime.tv_sec) *
	           1000000 +
	       used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

int64_t
usage_own_cpu_us(void)
{
	return cpu_us(RUSAGE_SELF) + cpu_us(RUSAGE_CHILDREN);
}
