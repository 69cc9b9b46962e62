/* pixlpixctl: the images. */
#include "ctl.h"
#include "domain/fsck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "--repair" and "--grace SECONDS", in any order. */
static bool
read_fsck_options(int count, char **words, struct fsck_options *out)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(words[i], "--repair") == 0)
			out->repairs = true;
		else if (strcmp(words[i], "--grace") != 0 || ++i == count ||
			 str_parse_int(str_from(words[i]), 0, INT32_MAX,
			     &out->grace_s) != OK)
			return false;
	}
	return true;
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
	(void)printf("%lld images and %lld objects compared: %lld missing, "
		     "%lld misplaced, %lld orphans, %lld mended\n",
	    (long long)r.images, (long long)r.objects, (long long)r.missing,
	    (long long)r.misplaced, (long long)r.orphans, (long long)r.mended);
	return r.missing + r.misplaced + r.orphans == r.mended ? EXIT_SUCCESS
	                                                       : EXIT_FAILURE;
}

static int
try_store(const struct ctl *ctl, bool prepares)
{
	const struct conf *conf = ctl->conf;
	struct object_store *store;
	const char *kind = conf_is_s3(conf) ? "S3 server" : "folder";
	struct str place =
	    conf_is_s3(conf) ? conf->s3_endpoint : conf->store_dir;
	enum err e =
	    site_store_open(ctl->arena, conf, conf_is_s3(conf), &store);

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

static int
prepare(const struct ctl *ctl, int count, char **words)
{
	(void)words;
	return count == 0 ? try_store(ctl, true) : CTL_USAGE;
}

static int
check(const struct ctl *ctl, int count, char **words)
{
	(void)words;
	return count == 0 ? try_store(ctl, false) : CTL_USAGE;
}

const struct ctl_command ctl_store_commands[] = {
    {.words = {"fsck"},
	.arguments = "[--repair] [--grace SECONDS]",
	.help = "compare what the database names with what the store\n"
		"has; objects younger than a day (or the grace) are\n"
		"nobody's orphans",
	.run = fsck},
    {.words = {"store", "prepare"},
	.help = "make what the image store needs: the S3 server's\n"
		"buckets; then check it",
	.run = prepare},
    {.words = {"store", "check"},
	.help = "put, read, hide and erase an object",
	.run = check},
    {.run = NULL},
};
