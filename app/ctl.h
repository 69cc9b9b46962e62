/* The commands of pixlpixctl: a table for each group of them, in a file of
 * its own (ctl_GROUP.c).
 *
 * A command of one or two words may be followed by arguments.  It prints what
 * was asked for to stdout and what is wrong to stderr.
 */
#ifndef PIXLPIX_CTL_H
#define PIXLPIX_CTL_H

#include "base/conf.h"

enum {
	/* What a command returns besides EXIT_SUCCESS and EXIT_FAILURE, where
	 * its arguments are none: the usage is shown. */
	CTL_USAGE = -1
};

struct ctl {
	struct arena *arena;
	const struct conf *conf; /* NULL for what works without */
};

struct ctl_command {
	const char *words[2];  /* "store", "check"; the second may be NULL */
	const char *arguments; /* for the usage, "NAME --yes" */
	const char *help;      /* lines of at most 60 characters */
	bool needs_no_conf;
	bool stays_root; /* else root becomes the account of the site */
	bool is_hidden;  /* from the usage: for the build and the shell */
	/* `count` words that follow the command's own. */
	int (*run)(const struct ctl *ctl, int count, char **words);
};

/* Each ends with one that has no run. */
extern const struct ctl_command ctl_setup_commands[];
extern const struct ctl_command ctl_doctor_commands[];
extern const struct ctl_command ctl_backup_commands[];
extern const struct ctl_command ctl_config_commands[];
extern const struct ctl_command ctl_help_commands[];
extern const struct ctl_command ctl_jobs_commands[];
extern const struct ctl_command ctl_mail_commands[];
extern const struct ctl_command ctl_store_commands[];
extern const struct ctl_command ctl_user_commands[];

/* All of these, ended by NULL. */
extern const struct ctl_command *const ctl_groups[];

/* Tells that something failed and returns EXIT_FAILURE. */
__attribute__((format(printf, 1, 2))) int ctl_fail(const char *format, ...);

#endif
