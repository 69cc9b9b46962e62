/* Who may read what on an S3 server: the two buckets, nginx's cache before
 * them, and what store check finds out.  The server only says what a step says;
 * what is asked of it is looked at here. */
#include "opened.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADDRESS "/abcdefghijklmnopqrstuvwxy2-l.jpg"
#define SEEN "/seen" ADDRESS "\n"
#define HIDDEN "/hidden" ADDRESS "\n"

/* nginx's name for it: printf /i/ab/abc...2-l.jpg | md5sum */
#define CACHED "d480d9945909d02ac66ef71a8a7d266c"

#define IS_COPIED                                            \
	{                                                    \
		.status = 200, .body = "<CopyObjectResult/>" \
	}

/* cache/ and gone/ of nginx. */
static char folder[] = "/tmp/pixlpix-rights.XXXXXX";

static void
start(void)
{
	opened_start();
	cr_assert_not_null(mkdtemp(folder));
	settings.cache_dir = kit_text("%s/cache", folder);
	settings.gone_dir = kit_text("%s/gone", folder);
	cr_assert(mkdir(settings.cache_dir.at, 0700) == 0);
	cr_assert(mkdir(settings.gone_dir.at, 0700) == 0);
}

static void
end(void)
{
	(void)unlink(kit_text("%s/cache/" CACHED, folder).at);
	(void)unlink(kit_text("%s/gone" ADDRESS, folder).at);
	(void)rmdir(kit_text("%s/cache/" CACHED, folder).at);
	(void)rmdir(kit_text("%s/cache", folder).at);
	(void)rmdir(kit_text("%s/gone", folder).at);
	cr_assert(rmdir(folder) == 0, "%s", strerror(errno));
	opened_end();
}

TestSuite(rights, .init = start, .fini = end, .timeout = 60);

static bool
is_cached(void)
{
	return access(kit_text("%s/cache/" CACHED, folder).at, F_OK) == 0;
}

static bool
is_denied(void)
{
	return access(kit_text("%s/gone" ADDRESS, folder).at, F_OK) == 0;
}

static int
files_in(const char *name)
{
	struct dirent **entries;
	int count =
	    scandir(kit_text("%s/%s", folder, name).at, &entries, NULL, NULL);

	cr_assert(count >= 2, "%s", strerror(errno));
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	return count - 2;
}

static void
make_file(const char *name)
{
	int fd = open(kit_text("%s/%s", folder, name).at,
	    O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	cr_assert(fd >= 0, "%s", strerror(errno));
	(void)close(fd);
}

static void
asked(const char *lines)
{
	ASSERT_STR(str_from(fake_seen->lines), lines);
}

/* ---- the buckets ---- */

Test(rights, both_buckets_are_made_and_one_is_opened_for_reading)
{
	OPENED({.status = 200}, {.status = 200}, {.status = 204});
	ASSERT_OK(object_prepare(store));
	asked("PUT /seen\nPUT /hidden\nPUT /seen?policy=\n");
	ASSERT_STR(str_from(fake_seen->body),
	    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
	    "\"Principal\":\"*\",\"Action\":\"s3:GetObject\","
	    "\"Resource\":\"arn:aws:s3:::seen/*\"}]}");
}

#define OURS_ALREADY                                             \
	{                                                        \
		.status = 409, .body = "<Error><Code>"           \
				       "BucketAlreadyOwnedByYou" \
				       "</Code></Error>"         \
	}

Test(rights, buckets_that_are_ours_already_are_no_fault)
{
	OPENED(OURS_ALREADY, OURS_ALREADY, {.status = 200});
	ASSERT_OK(object_prepare(store));
	ASSERT_INT(fake_seen->requests, 3);
}

Test(rights, bucket_of_somebody_else_is_not_used)
{
	OPENED({.status = 409,
	    .body = "<Error><Code>BucketAlreadyExists</Code></Error>"});
	ASSERT_ERR(object_prepare(store), ERR_STORE);
	asked("PUT /seen\n");
	ASSERT_HAS(kit_log(), "\"code\":\"BucketAlreadyExists\"");
}

Test(rights, bucket_that_cannot_be_opened_is_told)
{
	OPENED({.status = 200}, {.status = 200}, {.status = 403});
	ASSERT_ERR(object_prepare(store), ERR_STORE);
	ASSERT_HAS(kit_log(), "\"step\":\"open bucket\"");
}

Test(rights, store_is_ready_when_both_buckets_can_be_listed)
{
	static const char none[] =
	    "<ListBucketResult><IsTruncated>false</IsTruncated>"
	    "</ListBucketResult>";

	OPENED({.status = 200, .body = none}, {.status = 200, .body = none},
	    {.status = 200, .body = none}, {.status = 403});
	ASSERT_OK(object_ready(store, kit_arena));
	ASSERT_ERR(object_ready(store, kit_arena), ERR_STORE);
	asked("GET /seen?list-type=2&max-keys=1&prefix=health-check\n"
	      "GET /hidden?list-type=2&max-keys=1&prefix=health-check\n"
	      "GET /seen?list-type=2&max-keys=1&prefix=health-check\n"
	      "GET /hidden?list-type=2&max-keys=1&prefix=health-check\n");
}

/* ---- what store check finds ---- */

#define COMES_BACK                                                          \
	{                                                                   \
		.status = 200, .body = "an object that tries the store out" \
	}

/* What is asked until the hidden copy is looked at by a stranger. */
#define TRIED_OUT                                                \
	{.status = 200}, COMES_BACK, {.status = 200}, IS_COPIED, \
	    {.status = 204},                                     \
	{                                                        \
		.status = 404                                    \
	}

Test(rights, store_that_is_as_it_must_be_passes_its_check)
{
	OPENED(TRIED_OUT, {.status = 403}, {.status = 204});
	ASSERT_OK(object_check(store, kit_arena));
	seen_as("PGHPDHHDD");
	/* A stranger does not sign, and is asked for both spaces. */
	ASSERT_INT((long long)kit_count(str_from(fake_seen->lines), "-"), 2);
	ASSERT_HAS(str_from(fake_seen->lines), "\n-HEAD /seen/");
	ASSERT_HAS(str_from(fake_seen->lines), "\n-HEAD /hidden/");
	ASSERT_INT(files_in("gone"), 0);
}

Test(rights, hidden_bucket_that_everybody_may_read_is_found)
{
	OPENED(TRIED_OUT, {.status = 200}, {.status = 204});
	ASSERT_ERR(object_check(store, kit_arena), ERR_STORE);
	ASSERT_HAS(kit_log(), "everybody may read what is hidden");
	seen_as("PGHPDHHDD");
}

Test(rights, public_bucket_that_nginx_may_not_read_is_found)
{
	OPENED({.status = 200}, COMES_BACK, {.status = 403}, {.status = 204});
	ASSERT_ERR(object_check(store, kit_arena), ERR_STORE);
	ASSERT_HAS(kit_log(), "nginx may not read what is public");
	seen_as("PGHDD");
}

Test(rights, store_that_gives_back_something_else_is_found)
{
	OPENED({.status = 200}, {.status = 200, .body = "an object that"},
	    {.status = 204});
	ASSERT_ERR(object_check(store, kit_arena), ERR_STORE);
	ASSERT_HAS(kit_log(), "comes back as something else");
	seen_as("PGDD");
}

Test(rights, store_that_does_not_take_away_what_was_hidden_is_found)
{
	OPENED({.status = 200}, COMES_BACK, {.status = 200}, IS_COPIED,
	    {.status = 204}, {.status = 200}, {.status = 204});
	ASSERT_ERR(object_check(store, kit_arena), ERR_STORE);
	ASSERT_HAS(kit_log(), "what was hidden is still there");
	ASSERT_INT(files_in("gone"), 0);
}

/* Nothing of the check may stay behind. */
Test(rights, store_that_does_not_erase_is_found)
{
	OPENED(TRIED_OUT, {.status = 403}, {.status = 204}, {.status = 403});
	ASSERT_ERR(object_check(store, kit_arena), ERR_STORE);
	ASSERT_HAS(kit_log(), "\"step\":\"erase\"");
}

/* ---- nginx's cache ---- */

Test(rights, what_is_hidden_is_denied_at_once_also_while_the_server_is_away)
{
	settings.total_s = 1;
	opened_at("http://127.0.0.1:1");
	make_file("cache/" CACHED);
	ASSERT_ERR(
	    object_move(store, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_STORE);
	cr_assert(is_denied());
	cr_assert_not(is_cached());
}

Test(rights, what_was_hidden_is_denied_until_it_is_forgotten)
{
	OPENED(IS_COPIED, {.status = 204});
	cr_assert(object_is_cached(store));
	make_file("cache/" CACHED);
	ASSERT_OK(object_move(store, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	asked("PUT " HIDDEN "DELETE " SEEN);
	cr_assert(is_denied());
	cr_assert_not(is_cached());
	/* nginx had begun to fetch it before */
	make_file("cache/" CACHED);
	ASSERT_OK(object_forget(store, KEY));
	cr_assert_not(is_denied());
	cr_assert_not(is_cached());
	ASSERT_OK(object_forget(store, KEY));
}

Test(rights, what_comes_back_into_sight_is_allowed_again)
{
	OPENED(IS_COPIED, {.status = 204});
	make_file("gone" ADDRESS);
	ASSERT_OK(object_move(store, KEY, OBJECT_HIDDEN, OBJECT_PUBLIC));
	asked("PUT " SEEN "DELETE " HIDDEN);
	cr_assert_not(is_denied());
}

Test(rights, what_is_nowhere_is_not_denied_for_ever)
{
	OPENED({.status = 404});
	ASSERT_ERR(
	    object_move(store, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_ABSENT);
	asked("PUT " HIDDEN "HEAD " HIDDEN);
	cr_assert_not(is_denied());
}

/* A move that was broken off after its copy. */
Test(rights, what_is_hidden_already_is_still_taken_out_of_sight)
{
	OPENED({.status = 404}, {.status = 200}, {.status = 204});
	ASSERT_OK(object_move(store, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	asked("PUT " HIDDEN "HEAD " HIDDEN "DELETE " SEEN);
	cr_assert(is_denied());
}

Test(rights, what_cannot_be_taken_out_of_the_cache_is_not_called_hidden)
{
	OPENED({.status = 204});
	/* A folder is no file that could be unlinked. */
	cr_assert(mkdir(kit_text("%s/cache/" CACHED, folder).at, 0700) == 0);
	ASSERT_ERR(
	    object_move(store, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_STORE);
	ASSERT_ERR(object_erase(store, OBJECT_PUBLIC, KEY), ERR_STORE);
	ASSERT_ERR(object_forget(store, KEY), ERR_STORE);
	ASSERT_HAS(kit_log(), "\"step\":\"forget cached\"");
	asked("");
	cr_assert(is_denied());
}

Test(rights, what_is_erased_leaves_the_cache)
{
	OPENED({.status = 204});
	make_file("cache/" CACHED);
	ASSERT_OK(object_erase(store, OBJECT_HIDDEN, KEY));
	cr_assert(is_cached());
	ASSERT_OK(object_erase(store, OBJECT_PUBLIC, KEY));
	cr_assert_not(is_cached());
	asked("DELETE " HIDDEN "DELETE " SEEN);
}

Test(rights, erasing_that_is_refused_is_told)
{
	OPENED({.status = 403,
	    .body = "<Error><Code>AccessDenied</Code></Error>"});
	ASSERT_ERR(object_erase(store, OBJECT_PUBLIC, KEY), ERR_STORE);
	ASSERT_HAS(kit_log(), "this access key may not do that");
}

Test(rights, copy_leaves_what_was_copied)
{
	OPENED(IS_COPIED, {.status = 404});
	ASSERT_OK(object_copy(store, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	ASSERT_ERR(
	    object_copy(store, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_ABSENT);
	asked("PUT " HIDDEN "PUT " HIDDEN);
}

/* ---- what a worker hands to nginx ---- */

Test(rights, inner_address_is_signed_for_a_minute_and_for_that_object_alone)
{
	struct str hidden, public;

	OPENED({.status = 200});
	ASSERT_OK(object_inner_address(
	    store, OBJECT_HIDDEN, KEY, kit_arena, &hidden));
	ASSERT_OK(object_inner_address(
	    store, OBJECT_PUBLIC, KEY, kit_arena, &public));
	cr_assert(str_starts(hidden, STR("/hidden/hidden" ADDRESS "?")));
	cr_assert(str_starts(public, STR("/shown/seen" ADDRESS "?")));
	ASSERT_HAS(hidden, "X-Amz-Expires=60&");
	ASSERT_HAS(hidden, "&X-Amz-Signature=");
	ASSERT_LACKS(hidden, "secret");
	asked("");
}

/* ---- bytes in and out ---- */

Test(rights, file_that_is_not_what_was_said_is_not_sent)
{
	OPENED({.status = 200});
	ASSERT_ERR(opened_put(KEY, STR(BODY),
		       STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca49"
			   "5991b7852b855")),
	    ERR_INPUT);
	ASSERT_HAS(kit_log(), "another checksum than said");
	ASSERT_ERR(object_put(store, OBJECT_PUBLIC, KEY,
		       open("/dev/null", O_RDONLY | O_CLOEXEC), 5, NONE),
	    ERR_INPUT);
	ASSERT_HAS(kit_log(), "shorter than said");
	asked("");
	ASSERT_OK(opened_put(KEY, STR(BODY),
	    STR("458362611f1dff146cb7c5ed90430c6be82b14a89613847f61282dd7122"
		"4dab2")));
}

Test(rights, object_has_the_type_that_its_name_says)
{
	OPENED({.status = 200});
	ASSERT_OK(opened_put(KEY, STR(BODY), NONE));
	ASSERT_STR(str_from(fake_seen->type), "image/jpeg");
	ASSERT_OK(opened_put(
	    STR("abcdefghijklmnopqrstuvwxy2-l.webp"), STR(BODY), NONE));
	ASSERT_STR(str_from(fake_seen->type), "image/webp");
	ASSERT_OK(
	    opened_put(STR("abcdefghijklmnopqrstuvwxy2-o"), STR(BODY), NONE));
	ASSERT_STR(str_from(fake_seen->type), "application/octet-stream");
}

static char long_body[8001];

Test(rights, spool_that_is_full_is_told_and_hands_out_nothing)
{
	/* Also the log is a file, of less than that. */
	const struct rlimit small = {6000, 6000};
	int64_t size_bytes = -1;
	int fd = -1;

	memset(long_body, 'x', sizeof(long_body) - 1);
	OPENED({.status = 200, .body = long_body});
	/* as a full disk, but with EFBIG */
	(void)signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	ASSERT_ERR(
	    object_get(store, OBJECT_PUBLIC, KEY, &fd, &size_bytes), ERR_STORE);
	ASSERT_INT(fd, -1);
	ASSERT_INT(size_bytes, -1);
	ASSERT_HAS(kit_log(), "\"step\":\"write\"");
}

Test(rights, time_of_an_object_is_what_the_server_says)
{
	struct object_entry entry;

	OPENED({.status = 200,
		   .headers = "Last-Modified: Sat, 21 Nov 2026 09:05:07 "
			      "GMT\r\n",
		   .body = BODY},
	    {.status = 403});
	ASSERT_OK(object_head(store, OBJECT_PUBLIC, KEY, &entry));
	ASSERT_INT(entry.size_bytes, (long long)strlen(BODY));
	ASSERT_INT(entry.changed.us, INT64_C(1795251907000000));
	ASSERT_ERR(object_head(store, OBJECT_PUBLIC, KEY, &entry), ERR_STORE);
}

#define PAGE(more, key, token)                                             \
	{                                                                  \
		.status = 200,                                             \
		.body = "<ListBucketResult><IsTruncated>" more             \
			"</IsTruncated><Contents><Key>" key "1</Key>"      \
			"<Size>1</Size></Contents><Contents><Key>" key "2" \
			"</Key><Size>2</Size></Contents>" token            \
			"</ListBucketResult>"                              \
	}

Test(rights, list_goes_on_where_the_server_breaks_off)
{
	struct list found;
	const struct object_entry *entries;

	OPENED(PAGE("true", "aa",
		   "<NextContinuationToken>a/b=</NextContinuationToken>"),
	    PAGE("true", "ab",
		"<NextContinuationToken>c</NextContinuationToken>"),
	    PAGE("false", "ac", ""));
	ASSERT_OK(object_list(
	    store, OBJECT_HIDDEN, STR("a"), STR("a0"), 5, kit_arena, &found));
	/* The last page had one more than was asked for. */
	ASSERT_INT((long long)found.count, 5);
	entries = found.items;
	ASSERT_STR(entries[0].key, "aa1");
	ASSERT_STR(entries[3].key, "ab2");
	ASSERT_STR(entries[4].key, "ac1");
	asked("GET /hidden?list-type=2&max-keys=5&prefix=a&start-after=a0\n"
	      "GET /hidden?continuation-token=a%2Fb%3D&list-type=2&max-keys=3"
	      "&prefix=a\n"
	      "GET /hidden?continuation-token=c&list-type=2&max-keys=1"
	      "&prefix=a\n");
}

/* ---- settings ---- */

static void
refused(const char *why)
{
	struct object_store *none;

	settings.endpoint = STR("http://127.0.0.1:1");
	ASSERT_ERR(object_s3_open(&settings, &none), ERR_INPUT);
	ASSERT_HAS(kit_log(), why);
}

Test(rights, bucket_names_that_would_not_hold_in_an_address_are_refused)
{
	static const char *const names[] = {"", "ab", "-abc", "a.bc", "Abc",
	    "a/b", "a_b",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		settings.hidden_bucket = str_from(names[i]);
		refused("a bucket's name is 3 to 63 of a-z, 0-9 and -");
		kit_log_capture();
	}
}

Test(rights, hidden_objects_need_a_bucket_of_their_own)
{
	settings.hidden_bucket = settings.public_bucket;
	refused("public and hidden objects need a bucket each");
}

Test(rights, access_key_that_is_missing_is_told)
{
	settings.access_key = NONE;
	refused("the access key is missing");
}

Test(rights, secret_that_everybody_may_read_is_refused)
{
	cr_assert(chmod(settings.secret_file.at, 0604) == 0);
	refused("open to everybody");
}

Test(rights, secret_that_is_not_there_is_told)
{
	settings.secret_file = str_from(kit_file(STR(" \n")));
	refused("does not hold a secret");
	settings.secret_file = STR("/nonexistent/secret");
	refused("the secret's file cannot be read");
}

Test(rights, folder_that_is_not_there_is_told)
{
	struct str good = settings.gone_dir;

	settings.gone_dir = STR("/nonexistent/gone");
	refused("\"folder\":\"/nonexistent/gone\"");
	settings.gone_dir = good;
	settings.cache_dir = STR("/nonexistent/cache");
	refused("\"folder\":\"/nonexistent/cache\"");
	settings.spool_dir = STR("/nonexistent/spool");
	refused("\"folder\":\"/nonexistent/spool\"");
}
