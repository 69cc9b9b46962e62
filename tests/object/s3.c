/* What is the S3 back end's alone, beside a real gateway: who may read what,
 * what another client sees, and what is said when the server refuses. */
#include "place.h"

#include "store/checksum.h"
#include "store/http_out.h"
#include "store/s3.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(s3, .init = place_start, .fini = place_end, .timeout = 120);

#define KEY STR("abcdefghijklmnopqrstuvwxy2-l.jpg")
#define NONE ((struct str){0})

/* ---- strangers ---- */

/* The status that a stranger gets, who signs nothing. */
static int
ask(const char *method, struct str bucket, const char *rest)
{
	struct http_out_request r = {.method = method,
	    .body_fd = -1,
	    .body = STR("x"),
	    .connect_ms = 5000,
	    .stall_s = 10,
	    .timeout_ms = 10000};
	struct http_out_reply reply = {0};
	struct http_out *client;

	/* Always in the path: what is asked about is the bucket's policy. */
	r.url = kit_text(
	    "%.*s/%.*s/%s", STR_ARG(place_s3.endpoint), STR_ARG(bucket), rest)
	            .at;
	ASSERT_OK(http_out_open(NULL, &client));
	ASSERT_OK(http_out_send(client, &r, &reply));
	buf_free(&reply.body);
	http_out_close(client);
	return reply.status;
}

Test(s3, stranger_reads_what_is_public_and_lists_nothing)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "seen"));
	ASSERT_INT(ask("GET", place_s3.public_bucket, KEY.at), 200);
	ASSERT_INT(ask("HEAD", place_s3.public_bucket, KEY.at), 200);
	ASSERT_INT(ask("GET", place_s3.public_bucket, ""), 403);
	ASSERT_INT(ask("GET", place_s3.public_bucket, "?list-type=2"), 403);
	ASSERT_INT(ask("GET", place_s3.public_bucket, "?policy"), 403);
}

Test(s3, stranger_changes_nothing)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "seen"));
	ASSERT_INT(ask("PUT", place_s3.public_bucket, KEY.at), 403);
	ASSERT_INT(ask("DELETE", place_s3.public_bucket, KEY.at), 403);
	ASSERT_INT(ask("PUT", place_s3.public_bucket, "another"), 403);
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "seen"));
}

Test(s3, stranger_reads_nothing_hidden)
{
	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "seen"));
	ASSERT_OK(object_move(place, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	ASSERT_INT(ask("GET", place_s3.hidden_bucket, KEY.at), 403);
	ASSERT_INT(ask("HEAD", place_s3.hidden_bucket, KEY.at), 403);
	cr_assert(ask("GET", place_s3.public_bucket, KEY.at) >= 403);
	/* And after coming back. */
	ASSERT_OK(object_move(place, KEY, OBJECT_HIDDEN, OBJECT_PUBLIC));
	ASSERT_INT(ask("GET", place_s3.public_bucket, KEY.at), 200);
}

/* ---- another client ---- */

static void
write_file(const char *path, struct str text)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);

	cr_assert(fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len);
	(void)close(fd);
}

static struct str
read_file(const char *path)
{
	char *at = arena_alloc(kit_arena, 4096);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	cr_assert(fd >= 0);
	n = read(fd, at, 4096);
	(void)close(fd);
	cr_assert(n >= 0);
	return (struct str){at, (size_t)n};
}

/* Debian's s3cmd with our key; true where it says that it went well. */
static bool
s3cmd(const char *verb, const char *from, const char *to)
{
	struct str secret = str_trim(read_file(place_s3.secret_file.at));
	struct str host = str_slice(place_s3.endpoint, 7, 100);
	const char *settings =
	    kit_text("%.*s/s3cfg", STR_ARG(place_s3.spool_dir)).at;
	int status;
	pid_t child;

	write_file(settings,
	    kit_text("[default]\naccess_key = %.*s\nsecret_key = %.*s\n"
		     "host_base = %.*s\nhost_bucket = %.*s\n"
		     "use_https = False\nsignature_v2 = False\n",
		STR_ARG(place_s3.access_key), STR_ARG(secret), STR_ARG(host),
		STR_ARG(host)));
	child = fork();
	if (child == 0) {
		(void)execlp("s3cmd", "s3cmd", "--config", settings, "--quiet",
		    "--no-progress", "--force", verb, from, to, (char *)NULL);
		_exit(127);
	}
	cr_assert(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Test(s3, another_client_reads_what_we_wrote)
{
	const char *copy =
	    kit_text("%.*s/copy", STR_ARG(place_s3.spool_dir)).at;

	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "bytes of an image"));
	cr_assert(s3cmd("get",
	    kit_text(
		"s3://%.*s/%.*s", STR_ARG(place_s3.public_bucket), STR_ARG(KEY))
		.at,
	    copy));
	ASSERT_STR(read_file(copy), "bytes of an image");
	ASSERT_OK(object_move(place, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	cr_assert(s3cmd("get",
	    kit_text(
		"s3://%.*s/%.*s", STR_ARG(place_s3.hidden_bucket), STR_ARG(KEY))
		.at,
	    copy));
	ASSERT_STR(read_file(copy), "bytes of an image");
}

Test(s3, what_another_client_wrote_is_read)
{
	const char *source =
	    kit_text("%.*s/source", STR_ARG(place_s3.spool_dir)).at;

	write_file(source, STR("from elsewhere"));
	cr_assert(s3cmd("put", source,
	    kit_text(
		"s3://%.*s/%.*s", STR_ARG(place_s3.hidden_bucket), STR_ARG(KEY))
		.at));
	cr_assert(place_holds(OBJECT_HIDDEN, KEY, "from elsewhere"));
	ASSERT_OK(object_move(place, KEY, OBJECT_HIDDEN, OBJECT_PUBLIC));
	cr_assert(place_holds(OBJECT_PUBLIC, KEY, "from elsewhere"));
}

/* ---- what does not fit ---- */

/* Puts bytes under the checksum of others, as a disk that lies would have
 * it. */
static void
put_rotten(void)
{
	char sum[CHECKSUM_CHARS];
	struct s3_answer answer;
	struct s3 *s3;
	int fd = place_file(STR("what was put"));

	ASSERT_OK(checksum_file(fd, 12, sum));
	(void)close(fd);
	ASSERT_OK(s3_open(&place_s3, &s3));
	ASSERT_OK(s3_send(s3,
	    &(struct s3_call){.step = "put",
		.method = "PUT",
		.space = OBJECT_PUBLIC,
		.key = KEY,
		.headers = &(struct sigv4_pair){STR("x-amz-meta-sha256"),
		    {sum, sizeof(sum)}},
		.header_count = 1,
		.body = STR("what came of it")},
	    &answer));
	ASSERT_INT(answer.status, 200);
	s3_close(s3);
}

Test(s3, bytes_that_have_changed_are_not_handed_out)
{
	int64_t size;
	int fd;

	put_rotten();
	ASSERT_ERR(
	    object_get(place, OBJECT_PUBLIC, KEY, &fd, &size), ERR_STORE);
	ASSERT_HAS(kit_log(), "the bytes are not those that were put");
}

/* The server itself compares the bytes with what was signed. */
Test(s3, payload_is_signed)
{
	struct s3_answer answer;
	struct s3 *s3;
	int fd = place_file(STR("other bytes"));
	char sum[CHECKSUM_CHARS];

	ASSERT_OK(checksum_file(fd, 5, sum));
	ASSERT_OK(s3_open(&place_s3, &s3));
	ASSERT_OK(s3_send(s3,
	    &(struct s3_call){.step = "put",
		.method = "PUT",
		.space = OBJECT_PUBLIC,
		.key = KEY,
		.is_file = true,
		.file = fd,
		.file_bytes = 11,
		.file_sha256 = {sum, sizeof(sum)}},
	    &answer));
	ASSERT_INT(answer.status, 400);
	ASSERT_STR(answer.code, "XAmzContentSHA256Mismatch");
	ASSERT_ERR(
	    object_head(place, OBJECT_PUBLIC, KEY, &(struct object_entry){0}),
	    ERR_ABSENT);
	s3_close(s3);
}

/* The same place opened with one thing changed; a put fails and the log has
 * the reason. */
static void
refuses(const struct object_s3_settings *settings, const char *reason)
{
	struct object_store *other;
	int fd = place_file(STR("x"));

	ASSERT_OK(object_s3_open(settings, &other));
	ASSERT_ERR(
	    object_put(other, OBJECT_PUBLIC, KEY, fd, 1, NONE), ERR_STORE);
	ASSERT_HAS(kit_log(), reason);
	object_close(other);
}

Test(s3, wrong_secret_is_named)
{
	struct object_s3_settings settings = place_s3;
	const char *path =
	    kit_text("%.*s/wrong", STR_ARG(place_s3.spool_dir)).at;

	write_file(path, STR("not the secret\n"));
	settings.secret_file = str_from(path);
	refuses(&settings, "the secret is another");
	ASSERT_LACKS(kit_log(), "not the secret");
}

Test(s3, unknown_access_key_is_named)
{
	struct object_s3_settings settings = place_s3;

	settings.access_key = STR("SOMEBODYELSE");
	refuses(&settings, "the access key is not known there");
}

Test(s3, missing_bucket_is_named)
{
	struct object_s3_settings settings = place_s3;

	settings.public_bucket = STR("nowhere-to-be-found");
	refuses(&settings, "there is no such bucket");
}

Test(s3, missing_bucket_is_no_empty_list)
{
	struct object_s3_settings settings = place_s3;
	struct object_store *other;
	struct list found;

	settings.public_bucket = STR("nowhere-to-be-found");
	ASSERT_OK(object_s3_open(&settings, &other));
	ASSERT_ERR(object_list(
		       other, OBJECT_PUBLIC, NONE, NONE, 10, kit_arena, &found),
	    ERR_STORE);
	ASSERT_HAS(kit_log(), "there is no such bucket");
	object_close(other);
}

/* ---- what is open to whom ---- */

static void
set_policy(enum object_space space, struct str bucket)
{
	struct str policy =
	    kit_text("{\"Version\":\"2012-10-17\",\"Statement\":[{"
		     "\"Effect\":\"Allow\",\"Principal\":\"*\","
		     "\"Action\":\"s3:GetObject\","
		     "\"Resource\":\"arn:aws:s3:::%.*s/*\"}]}",
		STR_ARG(bucket));
	struct s3_call call = {.step = "policy",
	    .method = bucket.len > 0 ? "PUT" : "DELETE",
	    .space = space,
	    .query = &(struct sigv4_pair){STR("policy"), STR("")},
	    .query_count = 1,
	    .body = bucket.len > 0 ? policy : NONE};
	struct s3_answer answer;
	struct s3 *s3;

	ASSERT_OK(s3_open(&place_s3, &s3));
	ASSERT_OK(s3_send(s3, &call, &answer));
	cr_assert(answer.status < 300, "%d", answer.status);
	s3_close(s3);
}

Test(s3, check_finds_a_hidden_bucket_that_is_open)
{
	set_policy(OBJECT_HIDDEN, place_s3.hidden_bucket);
	ASSERT_ERR(object_check(place, kit_arena), ERR_STORE);
	ASSERT_HAS(kit_log(), "everybody may read what is hidden");
}

Test(s3, check_finds_a_public_bucket_that_is_closed)
{
	set_policy(OBJECT_PUBLIC, NONE);
	ASSERT_ERR(object_check(place, kit_arena), ERR_STORE);
	ASSERT_HAS(kit_log(), "nginx may not read what is public");
	ASSERT_OK(object_prepare(place));
	ASSERT_OK(object_check(place, kit_arena));
}

/* ---- between the store and visitors ---- */

static const char *cache_dir, *gone_dir;

/* The place once more, with nginx's cache before it. */
static struct object_store *
open_cached(struct str endpoint)
{
	struct object_s3_settings settings = place_s3;
	struct object_store *other = NULL;

	cache_dir = kit_text("%.*s/cache", STR_ARG(place_s3.spool_dir)).at;
	gone_dir = kit_text("%.*s/gone", STR_ARG(place_s3.spool_dir)).at;
	cr_assert(mkdir(cache_dir, 0700) == 0 && mkdir(gone_dir, 0711) == 0);
	settings.endpoint = endpoint;
	settings.cache_dir = str_from(cache_dir);
	settings.gone_dir = str_from(gone_dir);
	ASSERT_OK(object_s3_open(&settings, &other));
	cr_assert(object_is_cached(other));
	return other;
}

/* Where nginx keeps the key's address: MD5 of "/i/ab/KEY". */
static const char *
cached(void)
{
	char name[CHECKSUM_MD5_CHARS];
	struct str address;

	ASSERT_OK(object_address(KEY, kit_arena, &address));
	ASSERT_OK(checksum_md5(address, name));
	return kit_text("%s/%.*s", cache_dir, (int)sizeof(name), name).at;
}

static bool
is_denied(void)
{
	return access(kit_text("%s/%.*s", gone_dir, STR_ARG(KEY)).at, F_OK) ==
	       0;
}

Test(s3, what_leaves_public_space_is_denied_until_it_is_forgotten)
{
	struct object_store *other = open_cached(place_s3.endpoint);

	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "seen"));
	write_file(cached(), STR("seen"));
	ASSERT_OK(object_move(other, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	cr_assert(is_denied());
	cr_assert(access(cached(), F_OK) != 0);
	/* It was on its way just then. */
	write_file(cached(), STR("seen"));
	for (int i = 0; i < 2; i++) {
		ASSERT_OK(object_forget(other, KEY));
		cr_assert(!is_denied());
		cr_assert(access(cached(), F_OK) != 0);
	}
	object_close(other);
}

Test(s3, what_comes_back_is_denied_no_more)
{
	struct object_store *other = open_cached(place_s3.endpoint);

	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "seen"));
	ASSERT_OK(object_move(other, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN));
	cr_assert(is_denied());
	ASSERT_OK(object_move(other, KEY, OBJECT_HIDDEN, OBJECT_PUBLIC));
	cr_assert(!is_denied());
	object_close(other);
}

Test(s3, what_is_erased_leaves_the_cache)
{
	struct object_store *other = open_cached(place_s3.endpoint);

	ASSERT_OK(place_put(OBJECT_PUBLIC, KEY, "seen"));
	write_file(cached(), STR("seen"));
	ASSERT_OK(object_erase(other, OBJECT_PUBLIC, KEY));
	cr_assert(access(cached(), F_OK) != 0);
	object_close(other);
}

Test(s3, what_cannot_be_moved_is_denied_all_the_same)
{
	struct object_store *other = open_cached(STR("http://127.0.0.1:1"));

	write_file(cached(), STR("seen"));
	ASSERT_ERR(
	    object_move(other, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_STORE);
	cr_assert(is_denied());
	cr_assert(access(cached(), F_OK) != 0);
	object_close(other);
}

Test(s3, what_was_never_there_is_not_denied)
{
	struct object_store *other = open_cached(place_s3.endpoint);

	ASSERT_ERR(
	    object_move(other, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_ABSENT);
	cr_assert(!is_denied());
	object_close(other);
}
