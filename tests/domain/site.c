/* Opening what a process works with. */
#include "domain/site.h"

#include "../helper/stage.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(site, .init = stage_start, .fini = stage_end);

static size_t
open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	cr_assert(dir != NULL);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count;
}

/* Opening fails so, with nothing left open. */
static void
refuses(const struct conf *conf, enum err expected)
{
	size_t before = open_files();
	struct site site;

	ASSERT_ERR(site_open(kit_arena, conf, &site), expected);
	ASSERT_INT((long long)open_files(), (long long)before);
}

Test(site, opens_and_closes_without_a_trace)
{
	size_t before = open_files();
	struct site site;

	ASSERT_OK(site_open(kit_arena, &stage.conf, &site));
	cr_assert(open_files() > before);
	site_close(&site);
	ASSERT_INT((long long)open_files(), (long long)before);
	site_close(&site);
}

Test(site, makes_a_spool_that_nobody_else_can_enter)
{
	struct stat st;

	cr_assert(stat(stage.site.spool, &st) == 0 && S_ISDIR(st.st_mode));
	cr_assert((st.st_mode & 077) == 0);
}

Test(site, processes_do_not_share_their_locks)
{
	struct site other;

	ASSERT_OK(site_open(kit_arena, &stage.conf, &other));
	cr_assert(other.hash_lock != stage.site.hash_lock);
	cr_assert(other.decoder_lock != stage.site.decoder_lock);
	site_close(&other);
}

Test(site, needs_a_folder_to_run_in)
{
	struct conf conf = stage.conf;

	conf.run_dir = STR("/nonexistent/run");
	refuses(&conf, ERR_IO);
	ASSERT_HAS(kit_log(), "/nonexistent/run/hash.lock");
}

Test(site, needs_a_folder_for_files_on_their_way)
{
	struct conf conf = stage.conf;

	conf.spool_dir = STR("/nonexistent/spool");
	refuses(&conf, ERR_IO);
	ASSERT_HAS(kit_log(), "/nonexistent/spool");
}

Test(site, makes_the_folder_for_files_on_their_way)
{
	struct conf conf = stage.conf;
	struct site other;
	struct stat st;

	conf.spool_dir = kit_text("%s/new-spool", stage.folder);
	ASSERT_OK(site_open(kit_arena, &conf, &other));
	site_close(&other);
	cr_assert(stat(conf.spool_dir.at, &st) == 0);
	ASSERT_INT(st.st_mode & 0777, 0700);
}

Test(site, needs_its_lock_files)
{
	struct conf conf = stage.conf;

	cr_assert(mkdir(kit_text("%s/odd", stage.folder).at, 0700) == 0);
	cr_assert(
	    mkdir(kit_text("%s/odd/hash.lock", stage.folder).at, 0700) == 0);
	conf.run_dir = kit_text("%s/odd", stage.folder);
	refuses(&conf, ERR_IO);
	ASSERT_HAS(kit_log(), "odd/hash.lock");
}

Test(site, needs_a_store)
{
	struct conf conf = stage.conf;

	conf.store_dir = STR("/nonexistent/store");
	refuses(&conf, ERR_STORE);
}

/* Nothing is sent when it opens: a site starts while its store is away. */
Test(site, opens_with_an_s3_server_that_is_away)
{
	struct conf conf = stage.conf;
	const char *secret = kit_file(STR("a secret\n"));
	struct site site;

	conf.store_kind = STR("s3");
	conf.s3_endpoint = STR("http://127.0.0.1:1");
	conf.s3_access_key = STR("K");
	conf.s3_secret_file = str_from(secret);
	conf.cache_dir = STR("");
	ASSERT_OK(site_open(kit_arena, &conf, &site));
	ASSERT_STR(str_from(site.store->backend->name), "s3");
	site_close(&site);
	cr_assert(chmod(secret, 0644) == 0);
	refuses(&conf, ERR_INPUT);
	ASSERT_HAS(kit_log(), "open to everybody");
	conf.s3_secret_file = STR("/nonexistent/secret");
	refuses(&conf, ERR_INPUT);
	ASSERT_HAS(kit_log(), "/nonexistent/secret");
}

Test(site, needs_a_database_that_answers)
{
	struct conf conf = stage.conf;

	conf.database = kit_text("host=%s dbname=none", stage.folder);
	refuses(&conf, ERR_LOST);
}

Test(site, needs_a_database_with_its_schema)
{
	stage_run("ALTER TABLE comment RENAME COLUMN body TO words");
	refuses(&stage.conf, ERR_INTERNAL);
	ASSERT_HAS(kit_log(), "comment_insert");
}

Test(site, needs_an_arena_with_room)
{
	struct arena *small = arena_make(16);
	struct site site;

	ASSERT_ERR(site_open(small, &stage.conf, &site), ERR_MEMORY);
	arena_free(small);
}
