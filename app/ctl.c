/* pixlpixctl: what the sysadmin does with a site from the shell. */
#include "domain/erase.h"
#include "domain/fsck.h"
#include "main.h"
#include "store/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: pixlpixctl [--config FILE] COMMAND\n"
    "\n"
    "  config show      the configuration in force, each key explained\n"
    "  config defaults  the same with every default\n"
    "  config nginx [http|images]\n"
    "                   the limits that nginx has to keep, in its server "
    "block;\n"
    "                   what its http block and the location of images "
    "need\n"
    "  migrate          bring the database's schema up to date\n"
    "  fsck [--repair] [--grace SECONDS]\n"
    "                   compare what the database names with what the store\n"
    "                   has; objects younger than a day (or the grace) are\n"
    "                   nobody's orphans\n"
    "  store prepare    make what the image store needs: the S3 server's\n"
    "                   buckets; then check it\n"
    "  store check      put, read, hide and erase an object\n"
    "  user erase NAME --yes\n"
    "                   erase an account with its posts, comments and images\n"
    "\n"
    "FILE is " MAIN_CONFIG " unless told otherwise.\n";

static int
print(struct buf *b)
{
	enum err e = buf_check(b);

	if (e == OK)
		(void)fwrite(b->at, 1, b->len, stdout);
	buf_free(b);
	return e == OK && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
run_config(const struct conf *conf, const char *what)
{
	struct buf b = {0};

	if (strcmp(what, "nginx") == 0)
		conf_put_nginx(&b, conf, CONF_NGINX_SERVER);
	else if (strcmp(what, "http") == 0)
		conf_put_nginx(&b, conf, CONF_NGINX_HTTP);
	else if (strcmp(what, "images") == 0)
		conf_put_nginx(&b, conf, CONF_NGINX_IMAGES);
	else
		conf_put(&b, conf);
	return print(&b);
}

static int
run_migrate(struct arena *a, const struct conf *conf)
{
	struct migrate_report report = {0};
	const char *conninfo, *dir;
	enum err e = arena_z(a, conf->database, &conninfo);

	if (e == OK)
		e = arena_z(a, conf->schema_dir, &dir);
	if (e == OK)
		e = migrate_apply(conninfo, dir, &report);
	if (e != OK) {
		(void)fprintf(stderr,
		    "pixlpixctl: the schema could not be brought up to date; "
		    "the lines above say why\n");
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

static int
run_fsck(struct arena *a, const struct conf *conf,
    const struct fsck_options *options)
{
	struct fsck_report r = {0};
	struct site site;
	enum err e = site_open(a, conf, &site);

	if (e == OK) {
		e = fsck_run(&site, options, stdout, &r);
		site_close(&site);
	}
	if (e != OK) {
		(void)fprintf(stderr,
		    "pixlpixctl: not compared to the end (%s)\n", err_name(e));
		return EXIT_FAILURE;
	}
	(void)printf("%lld images and %lld objects compared: %lld missing, "
		     "%lld misplaced, %lld orphans, %lld mended\n",
	    (long long)r.images, (long long)r.objects, (long long)r.missing,
	    (long long)r.misplaced, (long long)r.orphans, (long long)r.mended);
	return r.missing + r.misplaced + r.orphans == r.mended ? EXIT_SUCCESS
	                                                       : EXIT_FAILURE;
}

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
run_store(struct arena *a, const struct conf *conf, bool prepares)
{
	struct object_store *store;
	const char *kind = conf_is_s3(conf) ? "S3 server" : "folder";
	struct str place =
	    conf_is_s3(conf) ? conf->s3_endpoint : conf->store_dir;
	enum err e = site_store_open(a, conf, conf_is_s3(conf), &store);

	if (e == OK) {
		if (prepares)
			e = object_prepare(store);
		if (e == OK)
			e = object_check(store, a);
		object_close(store);
	}
	if (e != OK) {
		(void)fprintf(stderr,
		    "pixlpixctl: the image store (%s %.*s) does not work; the "
		    "lines above say why\n",
		    kind, STR_ARG(place));
		return EXIT_FAILURE;
	}
	(void)printf("the image store works: %s %.*s\n", kind, STR_ARG(place));
	return EXIT_SUCCESS;
}

static int
run_erase(struct arena *a, const struct conf *conf, const char *name)
{
	struct erase_report report;
	struct site site;
	enum err e = site_open(a, conf, &site);

	if (e == OK) {
		e = erase_account(&site, a, str_from(name), &report);
		site_close(&site);
	}
	if (e == ERR_ABSENT)
		(void)fprintf(
		    stderr, "pixlpixctl: nobody is called %s\n", name);
	else if (e != OK)
		(void)fprintf(stderr,
		    "pixlpixctl: not erased to the end (%s); "
		    "once the cause is mended, give the command again\n",
		    err_name(e));
	else
		(void)printf("erased %s: %lld posts, %lld images\n", name,
		    (long long)report.posts, (long long)report.images);
	return e == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
run(struct arena *a, const char *path, int count, char **words)
{
	struct fsck_options fsck = {.grace_s = FSCK_GRACE_S};
	struct conf conf;

	if (count == 2 && strcmp(words[0], "config") == 0 &&
	    strcmp(words[1], "defaults") == 0)
		return run_config(NULL, "defaults");
	if (main_start(a, path, &conf) != OK)
		return EXIT_FAILURE;
	if (count == 2 && strcmp(words[0], "config") == 0 &&
	    (strcmp(words[1], "show") == 0 || strcmp(words[1], "nginx") == 0))
		return run_config(&conf, words[1]);
	if (count == 3 && strcmp(words[0], "config") == 0 &&
	    strcmp(words[1], "nginx") == 0 &&
	    (strcmp(words[2], "http") == 0 || strcmp(words[2], "images") == 0))
		return run_config(&conf, words[2]);
	if (count == 1 && strcmp(words[0], "migrate") == 0)
		return run_migrate(a, &conf);
	if (count > 0 && strcmp(words[0], "fsck") == 0 &&
	    read_fsck_options(count - 1, words + 1, &fsck))
		return run_fsck(a, &conf, &fsck);
	if (count == 2 && strcmp(words[0], "store") == 0 &&
	    (strcmp(words[1], "prepare") == 0 ||
		strcmp(words[1], "check") == 0))
		return run_store(a, &conf, strcmp(words[1], "prepare") == 0);
	if (count == 4 && strcmp(words[0], "user") == 0 &&
	    strcmp(words[1], "erase") == 0 && strcmp(words[3], "--yes") == 0)
		return run_erase(a, &conf, words[2]);
	(void)fputs(usage, stderr);
	return EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_make(16 * 1024 * 1024);
	const char *path = MAIN_CONFIG;
	int first = 1, status;

	if (a == NULL)
		return EXIT_FAILURE;
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		(void)fputs(usage, stdout);
		arena_free(a);
		return EXIT_SUCCESS;
	}
	if (argc > 2 && strcmp(argv[1], "--config") == 0) {
		path = argv[2];
		first = 3;
	}
	status = run(a, path, argc - first, argv + first);
	arena_free(a);
	return status;
}
