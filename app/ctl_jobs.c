/* pixlpixctl: background work, above all what was given up. */
#include "base/clock.h"
#include "ctl.h"
#include "domain/site.h"
#include "store/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listing {
	bool is_all;
	bool is_json;
	int64_t count;
};

static enum err
put_json(struct buf *b, const struct sql_job_list_row *row)
{
	buf_printf(b, "{\"id\":%lld,\"kind\":", (long long)row->id);
	buf_put_json(b, row->kind);
	buf_printf(b, ",\"subject\":%lld,\"detail\":", (long long)row->subject);
	buf_put_json(b, row->detail);
	buf_printf(b, ",\"tries\":%lld,\"run_at\":\"", (long long)row->tries);
	clock_put_rfc3339(b, row->run_at);
	buf_put(b, STR("\",\"given_up_at\":"));
	if (row->failed_at.us != 0) {
		buf_put_char(b, '"');
		clock_put_rfc3339(b, row->failed_at);
		buf_put_char(b, '"');
	} else {
		buf_put(b, STR("null"));
	}
	buf_put(b, STR(",\"error\":"));
	buf_put_json(b, row->last_error);
	buf_put(b, STR("}\n"));
	return buf_check(b);
}

static enum err
put_line(struct buf *b, const struct sql_job_list_row *row)
{
	buf_printf(b, "%lld %.*s %lld %.*s: ", (long long)row->id,
	    STR_ARG(row->kind), (long long)row->subject, STR_ARG(row->detail));
	if (row->failed_at.us != 0) {
		buf_put(b, STR("given up "));
		clock_put_rfc3339(b, row->failed_at);
	} else {
		buf_put(b, STR("due "));
		clock_put_rfc3339(b, row->run_at);
	}
	if (row->tries > 0)
		buf_printf(b, ", tried %lld times, %.*s", (long long)row->tries,
		    STR_ARG(row->last_error));
	buf_put_char(b, '\n');
	return buf_check(b);
}

static enum err
print_rows(struct listing *l, struct list rows)
{
	const struct sql_job_list_row *row = rows.items;
	struct buf b = {0};
	enum err e = OK;

	for (size_t i = 0; e == OK && i < rows.count; i++)
		e = l->is_json ? put_json(&b, &row[i]) : put_line(&b, &row[i]);
	if (e == OK && b.len > 0)
		(void)fwrite(b.at, 1, b.len, stdout);
	l->count += (int64_t)rows.count;
	buf_free(&b);
	return e;
}

static enum err
print_all(struct listing *l, const struct site *site)
{
	struct sql_job_list_in in = {.is_all = l->is_all};
	struct arena *a = arena_make(8 * 1024 * 1024);
	struct list rows = {0};
	enum err e = a == NULL ? ERR_MEMORY : OK;

	do {
		if (e == OK)
			e = sql_job_list(site->db, a, &in, &rows);
		if (e == OK)
			e = print_rows(l, rows);
		if (e == OK && rows.count > 0) {
			const struct sql_job_list_row *row = rows.items;

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
	struct listing l = {0};
	struct site site;
	enum err e;

	for (int i = 0; i < count; i++) {
		if (strcmp(words[i], "--all") == 0)
			l.is_all = true;
		else if (strcmp(words[i], "--json") == 0)
			l.is_json = true;
		else
			return CTL_USAGE;
	}
	e = site_open(ctl->arena, ctl->conf, &site);
	if (e == OK) {
		e = print_all(&l, &site);
		site_close(&site);
	}
	if (e != OK)
		return ctl_fail("the jobs could not be listed (%s); the lines "
				"above say why",
		    err_name(e));
	if (l.count == 0 && !l.is_json)
		(void)printf(
		    l.is_all ? "there are no jobs\n" : "no job was given up\n");
	return EXIT_SUCCESS;
}

static enum err
retry_one(const struct site *site, struct arena *a, int64_t id, bool *is_found)
{
	struct sql_job_retry_row row;

	return sql_job_retry(
	    site->db, a, &(struct sql_job_retry_in){id}, &row, is_found);
}

static enum err
drop_one(const struct site *site, struct arena *a, int64_t id, bool *is_found)
{
	struct sql_job_drop_row row;

	return sql_job_drop(
	    site->db, a, &(struct sql_job_drop_in){id}, &row, is_found);
}

static int
change(const struct ctl *ctl, int count, char **words, bool drops)
{
	bool is_found = false;
	struct site site;
	int64_t id;
	enum err e;

	if (count != 1 ||
	    str_parse_int(str_from(words[0]), 1, INT64_MAX, &id) != OK)
		return CTL_USAGE;
	e = site_open(ctl->arena, ctl->conf, &site);
	if (e == OK) {
		e = (drops ? drop_one : retry_one)(
		    &site, ctl->arena, id, &is_found);
		site_close(&site);
	}
	if (e != OK)
		return ctl_fail("nothing has been changed (%s); the lines "
				"above say why",
		    err_name(e));
	if (!is_found)
		return ctl_fail("there is no job %lld; pixlpixctl jobs list "
				"--all shows those that there are",
		    (long long)id);
	(void)printf(drops ? "job %lld is forgotten\n"
			   : "job %lld will be tried again now\n",
	    (long long)id);
	return EXIT_SUCCESS;
}

static int
retry(const struct ctl *ctl, int count, char **words)
{
	return change(ctl, count, words, false);
}

static int
drop(const struct ctl *ctl, int count, char **words)
{
	return change(ctl, count, words, true);
}

const struct ctl_command ctl_jobs_commands[] = {
    {.words = {"jobs", "list"},
	.arguments = "[--all] [--json]",
	.help = "the background jobs that were given up, or all",
	.run = list},
    {.words = {"jobs", "retry"},
	.arguments = "ID",
	.help = "try one again, now that its cause is mended",
	.run = retry},
    {.words = {"jobs", "drop"},
	.arguments = "ID",
	.help = "forget one: what it should have done stays undone",
	.run = drop},
    {.run = NULL},
};
