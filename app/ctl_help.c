/* pixlpixctl: what the manual pages and the shell's completion are made of, out
 * of the tables that the programs themselves go by. */
#include "ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
print(struct buf *b)
{
	bool is_written = buf_check(b) == OK &&
	                  fwrite(b->at, 1, b->len, stdout) == b->len &&
	                  fflush(stdout) == 0;

	buf_free(b);
	return is_written ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
put_item(struct buf *b, const struct ctl_command *c)
{
	buf_printf(b, ".It Cm %s%s%s", c->words[0],
	    c->words[1] != NULL ? " " : "",
	    c->words[1] != NULL ? c->words[1] : "");
	if (c->arguments != NULL) {
		buf_put(b, STR(" No "));
		buf_put_mdoc(b, str_from(c->arguments));
	} else {
		buf_put_char(b, '\n');
	}
	/* A sentence, as the help begins small and has no full stop. */
	if (c->help[0] >= 'a' && c->help[0] <= 'z') {
		buf_put_char(b, (char)(c->help[0] - 'a' + 'A'));
		buf_put_mdoc(b, str_from(c->help + 1));
	} else {
		buf_put_mdoc(b, str_from(c->help));
	}
	if (b->len > 0 && b->at[b->len - 1] == '\n')
		b->len--;
	buf_put(b, STR(".\n"));
}

static int
man(const struct ctl *ctl, int count, char **words)
{
	struct buf b = {0};

	(void)ctl;
	if (count != 1)
		return CTL_USAGE;
	if (strcmp(words[0], "keys") == 0) {
		conf_put_man(&b);
		return print(&b);
	}
	if (strcmp(words[0], "commands") != 0)
		return CTL_USAGE;
	for (size_t i = 0; ctl_groups[i] != NULL; i++)
		for (const struct ctl_command *c = ctl_groups[i];
		     c->run != NULL; c++)
			if (!c->is_hidden)
				put_item(&b, c);
	return print(&b);
}

/* The words of the arguments that are typed as they stand: options, and the
 * choices of "server | http" and "dir|s3". */
static void
put_literals(struct buf *b, struct str arguments)
{
	static const char stops[] = " []|";
	size_t from = 0;

	for (size_t i = 0; i <= arguments.len; i++) {
		struct str word = str_slice(arguments, from, i - from);
		bool is_end = i == arguments.len ||
		              strchr(stops, arguments.at[i]) != NULL;

		if (!is_end)
			continue;
		if (word.len > 0 &&
		    (word.at[0] == '-' ||
			(word.at[0] >= 'a' && word.at[0] <= 'z'))) {
			buf_put_char(b, ' ');
			buf_put(b, word);
		}
		from = i + 1;
	}
}

/* One line a command: its words, a colon, and what may follow. */
static int
list_words(const struct ctl *ctl, int count, char **words)
{
	struct buf b = {0};

	(void)ctl;
	(void)words;
	if (count != 0)
		return CTL_USAGE;
	for (size_t i = 0; ctl_groups[i] != NULL; i++)
		for (const struct ctl_command *c = ctl_groups[i];
		     c->run != NULL; c++) {
			if (c->is_hidden)
				continue;
			buf_printf(&b, "%s%s%s:", c->words[0],
			    c->words[1] != NULL ? " " : "",
			    c->words[1] != NULL ? c->words[1] : "");
			if (c->arguments != NULL)
				put_literals(&b, str_from(c->arguments));
			buf_put_char(&b, '\n');
		}
	return print(&b);
}

const struct ctl_command ctl_help_commands[] = {
    {.words = {"help", "man"},
	.arguments = "commands|keys",
	.help = "the part of a manual page that is a list",
	.needs_no_conf = true,
	.is_hidden = true,
	.run = man},
    {.words = {"help", "words"},
	.help = "what the shell completes",
	.needs_no_conf = true,
	.is_hidden = true,
	.run = list_words},
    {.run = NULL},
};
