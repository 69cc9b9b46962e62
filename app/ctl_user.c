/* pixlpixctl: people. */
#include "base/clock.h"
#include "ctl.h"
#include "ctl_system.h"
#include "domain/erase.h"
#include "domain/moderate.h"
#include "domain/reset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LIST_ARENA_BYTES = 8 * 1024 * 1024
};

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

static void
put_when(struct buf *b, struct when t)
{
	if (t.us == 0) {
		buf_put(b, STR("null"));
		return;
	}
	buf_put_char(b, '"');
	clock_put_rfc3339(b, t);
	buf_put_char(b, '"');
}

static void
put_json(struct buf *b, const struct sql_account_line_row *row)
{
	buf_printf(b, "{\"id\":%lld,\"name\":", (long long)row->id);
	buf_put_json(b, row->name);
	buf_put(b, STR(",\"display\":"));
	buf_put_json(b, row->display);
	buf_put(b, STR(",\"email\":"));
	buf_put_json(b, row->email);
	buf_put(b, STR(",\"role\":"));
	buf_put_json(b, row->role);
	buf_put(b, STR(",\"joined_at\":"));
	put_when(b, row->created);
	buf_put(b, STR(",\"seen_at\":"));
	put_when(b, row->seen);
	buf_put(b, STR(",\"suspended_at\":"));
	put_when(b, row->suspended);
	buf_put(b, STR(",\"suspended_because\":"));
	buf_put_json(b, row->because);
	buf_printf(b,
	    ",\"posts\":%lld,\"followers\":%lld,\"following\":%lld,"
	    "\"tokens\":%lld}\n",
	    (long long)row->posts, (long long)row->followers,
	    (long long)row->following, (long long)row->tokens);
}

static void
put_line(struct buf *b, const struct sql_account_line_row *row)
{
	buf_printf(b, "%.*s <%.*s> %.*s, %lld posts, joined ",
	    STR_ARG(row->name), STR_ARG(row->email), STR_ARG(row->role),
	    (long long)row->posts);
	clock_put_day(b, row->created);
	if (row->suspended.us != 0)
		buf_put(b, STR(", suspended"));
	buf_put_char(b, '\n');
}

/* Everything about one, a line each. */
static void
put_lines(struct buf *b, const struct sql_account_line_row *row)
{
	buf_printf(b,
	    "name: %.*s\nshown as: %.*s\nemail: %.*s\nrole: %.*s\njoined: ",
	    STR_ARG(row->name), STR_ARG(row->display), STR_ARG(row->email),
	    STR_ARG(row->role));
	clock_put_date(b, row->created);
	buf_put(b, STR("\nlast seen: "));
	if (row->seen.us != 0)
		clock_put_date(b, row->seen);
	else
		buf_put(b, STR("not logged in"));
	buf_printf(b,
	    "\nposts: %lld\nfollowers: %lld\nfollowing: %lld\ntokens: %lld\n",
	    (long long)row->posts, (long long)row->followers,
	    (long long)row->following, (long long)row->tokens);
	if (row->suspended.us != 0) {
		buf_put(b, STR("suspended: "));
		clock_put_date(b, row->suspended);
		buf_printf(b, ", %.*s\n", STR_ARG(row->because));
	}
}

typedef void put_row(struct buf *b, const struct sql_account_line_row *row);

static enum err
print_rows(const struct sql_account_line_row *rows, size_t count, put_row *put)
{
	struct buf b = {0};
	enum err e;

	for (size_t i = 0; i < count; i++)
		put(&b, &rows[i]);
	e = buf_check(&b);
	if (e == OK && b.len > 0)
		(void)fwrite(b.at, 1, b.len, stdout);
	buf_free(&b);
	return e;
}

static enum err
print_all(const struct site *site, put_row *put)
{
	struct arena *a = arena_make(LIST_ARENA_BYTES);
	struct sql_account_list_in in = {0};
	struct list rows = {0};
	enum err e = a == NULL ? ERR_MEMORY : OK;

	do {
		if (e == OK)
			e = sql_account_list(site->db, a, &in, &rows);
		if (e == OK)
			e = print_rows(rows.items, rows.count, put);
		if (e == OK && rows.count > 0) {
			const struct sql_account_line_row *row = rows.items;

			in.after = row[rows.count - 1].id;
			arena_reset(a);
		}
	} while (e == OK && rows.count > 0);
	arena_free(a);
	return e;
}

static int
list(const struct ctl *ctl, int count, char **words)
{
	bool is_json = count == 1 && strcmp(words[0], "--json") == 0;
	struct site site;
	enum err e;

	if (count > 1 || (count == 1 && !is_json))
		return CTL_USAGE;
	e = site_open(ctl->arena, ctl->conf, &site);
	if (e == OK) {
		e = print_all(&site, is_json ? put_json : put_line);
		site_close(&site);
	}
	if (e != OK)
		return ctl_fail("the accounts could not be listed (%s); the "
				"lines above say why",
		    err_name(e));
	return EXIT_SUCCESS;
}

/* What is done to one account; says itself what it did. */
typedef int act(const struct ctl *ctl, const struct site *site,
    const struct sql_account_line_row *row, char **words);

/* Opens the site and finds the account that words[0] names. */
static int
with_account(const struct ctl *ctl, char **words, act *body)
{
	struct sql_account_line_row row;
	struct site site;
	enum err e = site_open(ctl->arena, ctl->conf, &site);
	int status;

	if (e != OK)
		return ctl_fail("the site cannot be opened (%s); the lines "
				"above say why",
		    err_name(e));
	e = moderate_find(&site, ctl->arena, str_from(words[0]), &row);
	if (e == ERR_ABSENT)
		status = ctl_fail("nobody is called %s; pixlpixctl user list "
				  "shows who there is",
		    words[0]);
	else if (e != OK)
		status = ctl_fail("%s could not be looked up (%s); the lines "
				  "above say why",
		    words[0], err_name(e));
	else
		status = body(ctl, &site, &row, words);
	site_close(&site);
	return status;
}

static int
not_done(enum err e)
{
	return ctl_fail("nothing has been changed (%s); the lines above say "
			"why",
	    err_name(e));
}

static int
show_one(const struct ctl *ctl, const struct site *site,
    const struct sql_account_line_row *row, char **words)
{
	enum err e =
	    print_rows(row, 1, words[1] != NULL ? put_json : put_lines);

	(void)ctl;
	(void)site;
	return e == OK ? EXIT_SUCCESS : ctl_fail("%s", err_name(e));
}

static int
show(const struct ctl *ctl, int count, char **words)
{
	char *given[2] = {NULL, NULL};

	if (count < 1 || count > 2 ||
	    (count == 2 && strcmp(words[1], "--json") != 0))
		return CTL_USAGE;
	for (int i = 0; i < count; i++)
		given[i] = words[i];
	return with_account(ctl, given, show_one);
}

static int
give_role(const struct ctl *ctl, const struct site *site,
    const struct sql_account_line_row *row, char **words)
{
	struct str before;
	enum err e = moderate_role(
	    site, ctl->arena, row->id, str_from(words[1]), &before);

	if (e != OK)
		return not_done(e);
	(void)printf("%.*s was %.*s and is %s\n", STR_ARG(row->name),
	    STR_ARG(before), words[1]);
	return EXIT_SUCCESS;
}

static int
role(const struct ctl *ctl, int count, char **words)
{
	if (count != 2)
		return CTL_USAGE;
	if (!moderate_is_role(str_from(words[1])))
		return ctl_fail("there is no role %s; there are member, "
				"moderator and admin",
		    words[1]);
	return with_account(ctl, words, give_role);
}

static int
suspend_one(const struct ctl *ctl, const struct site *site,
    const struct sql_account_line_row *row, char **words)
{
	enum err e = moderate_suspend(site, ctl->arena, &(struct moderator){0},
	    row->id, str_from(words[1]));

	if (e == ERR_CONFLICT)
		return ctl_fail(
		    "%.*s is suspended already", STR_ARG(row->name));
	if (e != OK)
		return not_done(e);
	(void)printf("%.*s is suspended: logged out everywhere, posts and "
		     "comments out of sight\n",
	    STR_ARG(row->name));
	return EXIT_SUCCESS;
}

static int
suspend(const struct ctl *ctl, int count, char **words)
{
	if (count != 2)
		return CTL_USAGE;
	if (words[1][0] == '\0')
		return ctl_fail("say why: who logs in reads it");
	return with_account(ctl, words, suspend_one);
}

static int
lift_one(const struct ctl *ctl, const struct site *site,
    const struct sql_account_line_row *row, char **words)
{
	enum err e = moderate_lift(
	    site, ctl->arena, &(struct moderator){0}, row->id, STR(""));

	(void)words;
	if (e == ERR_CONFLICT)
		return ctl_fail("%.*s is not suspended", STR_ARG(row->name));
	if (e != OK)
		return not_done(e);
	(void)printf("%.*s may log in again, and posts and comments come "
		     "back\n",
	    STR_ARG(row->name));
	return EXIT_SUCCESS;
}

static int
unsuspend(const struct ctl *ctl, int count, char **words)
{
	return count == 1 ? with_account(ctl, words, lift_one) : CTL_USAGE;
}

static int
reset_one(const struct ctl *ctl, const struct site *site,
    const struct sql_account_line_row *row, char **words)
{
	struct str password, complaint;
	enum err e = system_read_password(ctl->arena, row->name, &password);

	(void)words;
	if (e != OK)
		return ctl_fail("no password was given");
	e = moderate_reset(site, ctl->arena, row, password, &complaint);
	if (e == ERR_INPUT)
		return ctl_fail("%.*s", STR_ARG(complaint));
	if (e != OK)
		return not_done(e);
	(void)printf("%.*s has a new password, and is logged out everywhere\n",
	    STR_ARG(row->name));
	return EXIT_SUCCESS;
}

static int
link_one(const struct ctl *ctl, const struct site *site,
    const struct sql_account_line_row *row, char **words)
{
	struct str address;
	struct when ends;
	enum err e = reset_make(site, ctl->arena, row->id, &address, &ends);

	(void)words;
	if (e != OK)
		return not_done(e);
	(void)printf("%.*s\n", STR_ARG(address));
	(void)fprintf(stderr,
	    "Give this to %.*s alone: who opens it within %d hours sets the "
	    "password, once.\n",
	    STR_ARG(row->name), RESET_HOURS);
	return EXIT_SUCCESS;
}

static int
reset(const struct ctl *ctl, int count, char **words)
{
	if (count == 2 && strcmp(words[1], "--link") == 0)
		return with_account(ctl, words, link_one);
	return count == 1 ? with_account(ctl, words, reset_one) : CTL_USAGE;
}

const struct ctl_command ctl_user_commands[] = {
    {.words = {"user", "list"},
	.arguments = "[--json]",
	.help = "everybody who has an account",
	.run = list},
    {.words = {"user", "show"},
	.arguments = "NAME [--json]",
	.help = "one account, by its user name or e-mail address",
	.run = show},
    {.words = {"user", "role"},
	.arguments = "NAME member|moderator|admin",
	.help = "what somebody may do on the site",
	.run = role},
    {.words = {"user", "suspend"},
	.arguments = "NAME REASON",
	.help = "end its logins and tokens, let none begin, and take what\n"
		"it has posted and written out of sight",
	.run = suspend},
    {.words = {"user", "unsuspend"},
	.arguments = "NAME",
	.help = "the way back",
	.run = unsuspend},
    {.words = {"user", "reset"},
	.arguments = "NAME [--link]",
	.help = "a new password, which is asked for; or an address at which\n"
		"its owner sets one, good for a day and for once",
	.run = reset},
    {.words = {"user", "erase"},
	.arguments = "NAME --yes",
	.help = "erase an account with its posts, comments and images",
	.run = erase},
    {.run = NULL},
};
