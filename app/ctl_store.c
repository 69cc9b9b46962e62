/* pixlpixctl: the images. */
#include "base/clock.h"
#include "ctl.h"
#include "domain/fsck.h"
#include "store/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
read_fsck_options(int count, char **words, struct fsck_options *out)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(words[i], "--repair") == 0)
			out->repairs = true;
		else if (strcmp(words[i], "--show") == 0)
			out->shows = true;
		else if (strcmp(words[i], "--deep") == 0)
			out->is_deep = true;
		else if (strcmp(words[i], "--json") == 0)
			out->is_json = true;
		else if (strcmp(words[i], "--grace") != 0 || ++i == count ||
			 str_parse_int(str_from(words[i]), 0, INT32_MAX,
			     &out->grace_s) != OK)
			return false;
	}
	return true;
}

static void
print_report(const struct fsck_report *r, const struct fsck_options *options)
{
	if (options->is_json) {
		(void)printf(
		    "{\"images\":%lld,\"objects\":%lld,\"missing\":%lld,"
		    "\"misplaced\":%lld,\"orphans\":%lld,\"mended\":%lld,"
		    "\"verified\":%lld,\"damaged\":%lld,\"unknown\":%lld}\n",
		    (long long)r->images, (long long)r->objects,
		    (long long)r->missing, (long long)r->misplaced,
		    (long long)r->orphans, (long long)r->mended,
		    (long long)r->verified, (long long)r->damaged,
		    (long long)r->unknown);
		return;
	}
	(void)printf("%lld images and %lld objects compared: %lld missing, "
		     "%lld misplaced, %lld orphans, %lld mended\n",
	    (long long)r->images, (long long)r->objects, (long long)r->missing,
	    (long long)r->misplaced, (long long)r->orphans,
	    (long long)r->mended);
	if (options->is_deep)
		(void)printf("%lld objects as they were put, %lld damaged, "
			     "%lld of unknown checksum%s\n",
		    (long long)r->verified, (long long)r->damaged,
		    (long long)r->unknown,
		    options->repairs || r->unknown == 0
			? ""
			: " (--repair notes it)");
}

static int
fsck(const struct ctl *ctl, int count, char **words)
{
	struct fsck_options options = {.grace_s = FSCK_GRACE_S};
	struct fsck_report r = {0};
	struct site site;
	enum err e;

	if (!read_fsck_options(count, words, &options))
		return CTL_USAGE;
	e = site_open(ctl->arena, ctl->conf, &site);
	if (e == OK) {
		e = fsck_run(&site, &options, stdout, &r);
		site_close(&site);
	}
	if (e != OK)
		return ctl_fail("not compared to the end (%s)", err_name(e));
	print_report(&r, &options);
	if (r.damaged > 0)
		return ctl_fail("what is damaged can be had back from a "
				"mirror or a backup: pixlpixctl store copy "
				"--verify replaces it");
	return r.missing + r.misplaced + r.orphans == r.mended ? EXIT_SUCCESS
	                                                       : EXIT_FAILURE;
}

/* ---- trying out ---- */

static int
try_one(const struct ctl *ctl, bool is_s3, bool prepares)
{
	const struct conf *conf = ctl->conf;
	struct object_store *store;
	const char *kind = is_s3 ? "S3 server" : "folder";
	struct str place = is_s3 ? conf->s3_endpoint : conf->store_dir;
	enum err e = site_store_open(ctl->arena, conf, is_s3, &store);

	if (e == OK) {
		if (prepares)
			e = object_prepare(store);
		if (e == OK)
			e = object_check(store, ctl->arena);
		object_close(store);
	}
	if (e != OK)
		return ctl_fail("the image store (%s %.*s) does not work; the "
				"lines above say why",
		    kind, STR_ARG(place));
	(void)printf("the image store works: %s %.*s\n", kind, STR_ARG(place));
	return EXIT_SUCCESS;
}

/* The store, and the mirror where there is one. */
static int
try_all(const struct ctl *ctl, bool prepares)
{
	bool is_s3 = conf_is_s3(ctl->conf);
	int status = try_one(ctl, is_s3, prepares);

	if (status == EXIT_SUCCESS && conf_has_mirror(ctl->conf))
		status = try_one(ctl, !is_s3, prepares);
	return status;
}

static int
prepare(const struct ctl *ctl, int count, char **words)
{
	(void)words;
	return count == 0 ? try_all(ctl, true) : CTL_USAGE;
}

static int
check(const struct ctl *ctl, int count, char **words)
{
	(void)words;
	return count == 0 ? try_all(ctl, false) : CTL_USAGE;
}

/* ---- copying ---- */

enum {
	TERMINAL_US = 500000, /* between two lines of progress */
	FILE_US = 10000000
};

struct copying {
	int64_t began_us;
	int64_t said_us;
	bool is_terminal;
};

static const char *
two_digits(char *room, size_t size, int64_t bytes)
{
	static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
	double rest = (double)bytes;
	size_t unit = 0;

	while (rest >= 1000 && unit < sizeof(units) / sizeof(units[0]) - 1) {
		rest /= 1000;
		unit++;
	}
	(void)snprintf(room, size, "%.*f %s", unit > 0 && rest < 10 ? 1 : 0,
	    rest, units[unit]);
	return room;
}

/* What is left takes as long as what was seen took. */
static int64_t
left_s(const struct transfer_progress *p, int64_t took_us)
{
	if (p->seen_bytes <= 0 || p->bytes < p->seen_bytes)
		return 0;
	return (int64_t)((double)(p->bytes - p->seen_bytes) /
			 (double)p->seen_bytes * (double)took_us / 1e6);
}

static void
say_progress(void *user, const struct transfer_progress *p)
{
	struct copying *c = user;
	int64_t now = clock_monotonic_us(), took = now - c->began_us;
	int64_t left = left_s(p, took);
	char seen[32], all[32], rate[32];

	if (now - c->said_us < (c->is_terminal ? TERMINAL_US : FILE_US))
		return;
	c->said_us = now;
	(void)fprintf(stderr,
	    "%s%lld of %lld objects, %s of %s, %s/s, %lld:%02lld left%s",
	    c->is_terminal ? "\r" : "", (long long)p->seen,
	    (long long)p->objects,
	    two_digits(seen, sizeof(seen), p->seen_bytes),
	    two_digits(all, sizeof(all), p->bytes),
	    two_digits(rate, sizeof(rate),
		took > 0 ? p->copied_bytes * 1000000 / took : 0),
	    (long long)(left / 60), (long long)(left % 60),
	    c->is_terminal ? "  " : "\n");
}

struct copy_options {
	const char *from;
	const char *to;
	bool verifies;
	bool is_json;
};

static bool
read_copy_options(int count, char **words, struct copy_options *out)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(words[i], "--verify") == 0)
			out->verifies = true;
		else if (strcmp(words[i], "--json") == 0)
			out->is_json = true;
		else if (strcmp(words[i], "--from") == 0 && i + 1 < count)
			out->from = words[++i];
		else if (strcmp(words[i], "--to") == 0 && i + 1 < count)
			out->to = words[++i];
		else
			return false;
	}
	return out->from != NULL && out->to != NULL;
}

static bool
read_kind(const char *word, bool *is_s3)
{
	*is_s3 = strcmp(word, "s3") == 0;
	return *is_s3 || strcmp(word, "dir") == 0 ||
	       strcmp(word, "directory") == 0;
}

static void
print_copied(const struct transfer_progress *p, bool is_json, int64_t took_us)
{
	char bytes[32];

	if (is_json) {
		(void)printf("{\"objects\":%lld,\"bytes\":%lld,\"copied\":%lld,"
			     "\"copied_bytes\":%lld,\"present\":%lld,"
			     "\"vanished\":%lld,\"withdrawn\":%lld,"
			     "\"failed\":%lld,"
			     "\"seconds\":%.3f}\n",
		    (long long)p->objects, (long long)p->bytes,
		    (long long)p->copied, (long long)p->copied_bytes,
		    (long long)p->present, (long long)p->vanished,
		    (long long)p->withdrawn, (long long)p->failed,
		    (double)took_us / 1e6);
		return;
	}
	(void)printf("copied %lld objects (%s); %lld were there already, %lld "
		     "vanished meanwhile, %lld were deleted and still public "
		     "there, %lld failed\n",
	    (long long)p->copied,
	    two_digits(bytes, sizeof(bytes), p->copied_bytes),
	    (long long)p->present, (long long)p->vanished,
	    (long long)p->withdrawn, (long long)p->failed);
}

static enum err
copy_between(const struct ctl *ctl, bool from_s3,
    const struct transfer_options *options, struct transfer_progress *p)
{
	struct object_store *from, *to;
	enum err e;

	TRY(site_store_open(ctl->arena, ctl->conf, from_s3, &from));
	e = site_store_open(ctl->arena, ctl->conf, !from_s3, &to);
	if (e == OK) {
		e = object_prepare(to);
		if (e == OK)
			e = transfer_run(from, to, options, p);
		object_close(to);
	}
	object_close(from);
	return e;
}

static int
copy(const struct ctl *ctl, int count, char **words)
{
	struct copy_options options = {0};
	struct transfer_progress p = {0};
	struct copying c = {.began_us = clock_monotonic_us(),
	    .said_us = clock_monotonic_us(),
	    .is_terminal = isatty(STDERR_FILENO) == 1};
	bool from_s3, to_s3;
	enum err e;

	if (!read_copy_options(count, words, &options) ||
	    !read_kind(options.from, &from_s3) ||
	    !read_kind(options.to, &to_s3))
		return CTL_USAGE;
	if (from_s3 == to_s3)
		return ctl_fail("from a store to itself there is nothing to "
				"copy: give --from dir --to s3, or the other "
				"way round");
	if (ctl->conf->s3_endpoint.len == 0)
		return ctl_fail("the configuration has no S3 server: set "
				"store.s3_endpoint");
	e = copy_between(ctl, from_s3,
	    &(struct transfer_options){options.verifies, say_progress, &c}, &p);
	if (c.is_terminal)
		(void)fputc('\n', stderr);
	print_copied(&p, options.is_json, clock_monotonic_us() - c.began_us);
	if (e != OK)
		return ctl_fail("not all is copied; the lines above say why. "
				"Once the cause is mended, give the command "
				"again: it goes on where it was");
	return EXIT_SUCCESS;
}

const struct ctl_command ctl_store_commands[] = {
    {.words = {"fsck"},
	.arguments = "[--repair] [--grace SECONDS] [--deep] [--show] [--json]",
	.help = "compare what the database names with what the store\n"
		"has; objects younger than a day (or the grace) are\n"
		"nobody's orphans; --deep reads them all and compares\n"
		"checksums; --show makes public again what rows say is\n"
		"public, on a site that is stopped",
	.run = fsck},
    {.words = {"store", "prepare"},
	.help = "make what the image store needs: the S3 server's\n"
		"buckets; then check it",
	.run = prepare},
    {.words = {"store", "check"},
	.help = "put, read, hide and erase an object",
	.run = check},
    {.words = {"store", "copy"},
	.arguments = "--from KIND --to KIND [--verify] [--json]",
	.help = "bring all images from one store (dir) to the other (s3),\n"
		"on a running site; may be broken off and given again.\n"
		"--verify compares those that are there already, too",
	.run = copy},
    {.run = NULL},
};
