/* pixlpixctl: what the sysadmin does with a site from the shell. */
#include "ctl.h"
#include "ctl_system.h"
#include "main.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ARENA_BYTES = 16 * 1024 * 1024,
	HELP_COLUMN = 19
};

const struct ctl_command *const ctl_groups[] = {
    ctl_setup_commands,
    ctl_doctor_commands,
    ctl_backup_commands,
    ctl_config_commands,
    ctl_store_commands,
    ctl_jobs_commands,
    ctl_mail_commands,
    ctl_user_commands,
    ctl_help_commands,
    NULL,
};

int
ctl_fail(const char *format, ...)
{
	va_list args;

	(void)fputs("pixlpixctl: ", stderr);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
	return EXIT_FAILURE;
}

static void
print_help(FILE *out, const char *help, int column)
{
	struct str rest = str_from(help);

	while (rest.len > 0) {
		struct str line = str_cut(&rest, '\n');

		(void)fprintf(
		    out, "%*s%.*s\n", HELP_COLUMN - column, "", STR_ARG(line));
		column = 0;
	}
}

static void
print_command(FILE *out, const struct ctl_command *c)
{
	int column = fprintf(out, "  %s%s%s%s%s", c->words[0],
	    c->words[1] != NULL ? " " : "",
	    c->words[1] != NULL ? c->words[1] : "",
	    c->arguments != NULL ? " " : "",
	    c->arguments != NULL ? c->arguments : "");

	if (column > HELP_COLUMN - 1) {
		(void)fputc('\n', out);
		column = 0;
	}
	print_help(out, c->help, column);
}

/* Of all commands, or of those that begin with the words; how many. */
static int
print_commands(FILE *out, const char *first, const char *second)
{
	int count = 0;

	for (size_t i = 0; ctl_groups[i] != NULL; i++)
		for (const struct ctl_command *c = ctl_groups[i];
		     c->run != NULL; c++) {
			if (c->is_hidden ||
			    (first != NULL && strcmp(first, c->words[0]) != 0))
				continue;
			if (second != NULL && c->words[1] != NULL &&
			    strcmp(second, c->words[1]) != 0)
				continue;
			print_command(out, c);
			count++;
		}
	return count;
}

static void
print_usage(FILE *out)
{
	(void)fputs("usage: pixlpixctl [--config FILE] COMMAND\n\n", out);
	(void)print_commands(out, NULL, NULL);
	(void)fputs("\nFILE is " MAIN_CONFIG " unless told otherwise.\n", out);
}

/* How many words of the command stand at the beginning, or 0. */
static int
match(const struct ctl_command *c, int count, char **words)
{
	int wanted = c->words[1] != NULL ? 2 : 1;

	if (count < wanted)
		return 0;
	for (int i = 0; i < wanted; i++)
		if (strcmp(words[i], c->words[i]) != 0)
			return 0;
	return wanted;
}

static int
run_command(const struct ctl_command *c, struct arena *a, const char *path,
    int count, char **words)
{
	struct conf conf;
	struct ctl ctl = {.arena = a};

	if (!c->needs_no_conf) {
		struct buf complaints = {0};
		enum err e = main_start(a, path, &complaints, &conf);

		main_complain(&complaints, false);
		if (e != OK)
			return EXIT_FAILURE;
		ctl.conf = &conf;
		if (!c->stays_root && system_become_service(a, &conf) != OK)
			return EXIT_FAILURE;
	}
	return c->run(&ctl, count, words);
}

/* What is not as any command wants it: those that may have been meant. */
static int
refuse(int count, char **words)
{
	const char *second = count > 1 ? words[1] : NULL;

	if (count == 0) {
		print_usage(stderr);
		return EXIT_FAILURE;
	}
	(void)fputs("usage: pixlpixctl [--config FILE] COMMAND\n", stderr);
	if (print_commands(stderr, words[0], second) == 0 &&
	    (second == NULL || print_commands(stderr, words[0], NULL) == 0))
		return ctl_fail("there is no command %s; pixlpixctl --help "
				"lists those that there are",
		    words[0]);
	return EXIT_FAILURE;
}

static int
run(struct arena *a, const char *path, int count, char **words)
{
	int status = CTL_USAGE;

	for (size_t i = 0; ctl_groups[i] != NULL; i++)
		for (const struct ctl_command *c = ctl_groups[i];
		     c->run != NULL; c++) {
			int n = match(c, count, words);

			if (n > 0)
				status = run_command(
				    c, a, path, count - n, words + n);
		}
	return status == CTL_USAGE ? refuse(count, words) : status;
}

/* --help behind the words of a command as well. */
static bool
asks_for_help(int count, char **words)
{
	return count > 0 && (strcmp(words[count - 1], "--help") == 0 ||
				strcmp(words[count - 1], "-h") == 0);
}

static int
help(int count, char **words)
{
	if (count == 1)
		print_usage(stdout);
	else if (print_commands(
		     stdout, words[0], count > 2 ? words[1] : NULL) == 0)
		return refuse(count - 1, words);
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_make(ARENA_BYTES);
	const char *path = MAIN_CONFIG;
	int first = 1, status;

	if (a == NULL)
		return EXIT_FAILURE;
	if (argc > 2 && strcmp(argv[1], "--config") == 0) {
		path = argv[2];
		first = 3;
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		(void)puts("pixlpixctl " PIXLPIX_VERSION);
		status = EXIT_SUCCESS;
	} else if (asks_for_help(argc - first, argv + first)) {
		status = help(argc - first, argv + first);
	} else {
		status = run(a, path, argc - first, argv + first);
	}
	arena_free(a);
	return status;
}
