/* What the S3 back end makes of a server that fails: bounded time, a clear
 * line in the log, and another try where that helps. */
#include "opened.h"

#include "base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t began_us;

TestSuite(faults, .init = opened_start, .fini = opened_end, .timeout = 60);

static void
open_at(const char *endpoint)
{
	opened_at(endpoint);
	began_us = clock_monotonic_us();
}

#define SERVE(...)                               \
	do {                                     \
		OPENED(__VA_ARGS__);             \
		began_us = clock_monotonic_us(); \
	} while (0)

static int64_t
ms(void)
{
	return (clock_monotonic_us() - began_us) / 1000;
}

static enum err
put(void)
{
	return opened_put(KEY, STR(BODY), NONE);
}

static enum err
get(struct str *bytes)
{
	char *at = arena_alloc(kit_arena, 4096);
	int64_t size;
	int fd;

	TRY(object_get(store, OBJECT_PUBLIC, KEY, &fd, &size));
	cr_assert(read(fd, at, 4096) == size);
	(void)close(fd);
	*bytes = (struct str){at, (size_t)size};
	return OK;
}

static enum err
list(void)
{
	struct list found;

	return object_list(
	    store, OBJECT_PUBLIC, NONE, NONE, 10, kit_arena, &found);
}

/* ---- away ---- */

Test(faults, server_that_is_down_is_soon_given_up)
{
	open_at("http://127.0.0.1:1");
	ASSERT_ERR(put(), ERR_STORE);
	cr_assert(ms() < 3500, "%lld ms", (long long)ms());
	ASSERT_HAS(kit_log(), "object store failed");
	ASSERT_HAS(kit_log(), "\"step\":\"put\"");
	ASSERT_HAS(kit_log(), "Failed to connect");
	ASSERT_HAS(kit_log(), "\"tries\":4");
}

/* Or every image of a page that needs ten would wait its time. */
Test(faults, server_that_was_away_just_now_gets_one_try)
{
	open_at("http://127.0.0.1:1");
	ASSERT_ERR(put(), ERR_STORE);
	began_us = clock_monotonic_us();
	ASSERT_ERR(put(), ERR_STORE);
	cr_assert(ms() < 500, "%lld ms", (long long)ms());
	ASSERT_HAS(kit_log(), "\"tries\":1,");
}

Test(faults, server_that_never_answers_is_given_up_in_time)
{
	SERVE({.act = FAKE_HANG});
	ASSERT_ERR(put(), ERR_STORE);
	cr_assert(ms() < 5000, "%lld ms", (long long)ms());
	ASSERT_HAS(kit_log(), "object store failed");
}

Test(faults, server_that_drips_is_given_up_in_time)
{
	SERVE({.act = FAKE_DRIP, .status = 200, .body = BODY});
	ASSERT_ERR(get(&(struct str){0}), ERR_STORE);
	cr_assert(ms() < 5000, "%lld ms", (long long)ms());
	ASSERT_HAS(kit_log(), "\"step\":\"get\"");
}

Test(faults, clearing_away_behind_a_server_that_hangs_takes_little_time)
{
	settings.connect_ms = 100;
	SERVE({.act = FAKE_HANG});
	ASSERT_ERR(put(), ERR_STORE);
	began_us = clock_monotonic_us();
	for (int i = 0; i < 3; i++)
		ASSERT_ERR(object_erase(store, OBJECT_PUBLIC, KEY), ERR_STORE);
	cr_assert(ms() < 1500, "%lld ms", (long long)ms());
}

/* ---- failing ---- */

Test(faults, put_is_tried_again_after_500)
{
	SERVE({.status = 500}, {.status = 500}, {.status = 200});
	ASSERT_OK(put());
	seen_as("PPP");
	ASSERT_STR(str_from(fake_seen->body), BODY);
	ASSERT_LACKS(kit_log(), "failed");
}

Test(faults, every_request_may_be_sent_twice)
{
	SERVE({.status = 500}, {.status = 204}, {.status = 500},
	    {.status = 404}, {.status = 500},
	    {.status = 200, .body = "<CopyObjectResult/>"}, {.status = 500},
	    {.status = 204});
	ASSERT_OK(object_erase(store, OBJECT_HIDDEN, KEY));
	ASSERT_ERR(
	    object_head(store, OBJECT_HIDDEN, KEY, &(struct object_entry){0}),
	    ERR_ABSENT);
	ASSERT_OK(object_move(store, KEY, OBJECT_HIDDEN, OBJECT_PUBLIC));
	seen_as("DDHHPPDD");
}

Test(faults, server_that_goes_on_failing_is_named)
{
	SERVE({.status = 500,
	    .body = "<Error><Code>InternalError</Code></Error>"});
	ASSERT_ERR(put(), ERR_STORE);
	seen_as("PPPP");
	ASSERT_HAS(kit_log(), "\"why\":\"the server failed\"");
	ASSERT_HAS(kit_log(), "\"status\":500");
	ASSERT_HAS(kit_log(), "\"code\":\"InternalError\"");
	cr_assert(ms() > 250 && ms() < 3500, "%lld ms", (long long)ms());
}

Test(faults, server_that_asks_for_time_gets_it)
{
	SERVE(
	    {.status = 503, .headers = "Retry-After: 1\r\n"}, {.status = 200});
	ASSERT_OK(put());
	seen_as("PP");
	cr_assert(ms() >= 1000, "%lld ms", (long long)ms());
}

Test(faults, server_that_asks_for_more_than_there_is_gets_none)
{
	SERVE({.status = 503, .headers = "Retry-After: 60\r\n"});
	ASSERT_ERR(put(), ERR_STORE);
	seen_as("P");
	cr_assert(ms() < 1000, "%lld ms", (long long)ms());
	ASSERT_HAS(kit_log(), "\"status\":503");
}

Test(faults, refusal_is_final)
{
	SERVE({.status = 403,
	    .body = "<Error><Code>AccessDenied</Code></Error>"});
	ASSERT_ERR(put(), ERR_STORE);
	seen_as("P");
	ASSERT_HAS(kit_log(), "this access key may not do that");
}

/* ---- cut ---- */

Test(faults, put_whose_request_was_cut_is_sent_again_whole)
{
	SERVE({.act = FAKE_CUT_REQUEST}, {.status = 200});
	ASSERT_OK(put());
	seen_as("PP");
	ASSERT_STR(str_from(fake_seen->body), BODY);
}

/* The first try has arrived, and the second finds the name taken: by us. */
Test(faults, put_whose_answer_was_lost_knows_its_own_object)
{
	SERVE({.act = FAKE_CUT_ANSWER, .status = 200, .body = "lost"},
	    {.status = 412}, {.status = 200, .echoes_word = true});
	ASSERT_OK(put());
	seen_as("PPH");
}

Test(faults, put_does_not_take_anothers_object_for_its_own)
{
	SERVE({.act = FAKE_CUT_ANSWER, .status = 200, .body = "lost"},
	    {.status = 412},
	    {.status = 200, .headers = "x-amz-meta-put: another\r\n"});
	ASSERT_ERR(put(), ERR_CONFLICT);
	ASSERT_HAS(kit_log(), "object exists already");
}

Test(faults, get_that_was_cut_begins_again)
{
	struct str bytes;

	SERVE({.act = FAKE_CUT_ANSWER, .status = 200, .body = BODY},
	    {.status = 200, .body = BODY});
	ASSERT_OK(get(&bytes));
	ASSERT_STR(bytes, BODY);
	seen_as("GG");
}

Test(faults, half_an_object_is_never_handed_out)
{
	SERVE({.act = FAKE_CUT_ANSWER, .status = 200, .body = BODY});
	ASSERT_ERR(get(&(struct str){0}), ERR_STORE);
	seen_as("GGGG");
	ASSERT_HAS(kit_log(), "\"step\":\"get\"");
}

/* ---- wrong ---- */

Test(faults, bytes_that_are_not_those_that_were_put_are_refused)
{
	SERVE({.status = 200,
	    .headers = "x-amz-meta-sha256: "
		       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959"
		       "91b7852b855\r\n",
	    .body = BODY});
	ASSERT_ERR(get(&(struct str){0}), ERR_STORE);
	ASSERT_HAS(kit_log(), "the bytes are not those that were put");
	ASSERT_HAS(kit_log(), "\"key\":\"abcdefghijklmnopqrstuvwxy2-l.jpg\"");
}

Test(faults, bytes_that_changed_on_their_way_there_are_refused)
{
	SERVE({.status = 400,
	    .body = "<Error><Code>XAmzContentSHA256Mismatch</Code></Error>"});
	ASSERT_ERR(put(), ERR_STORE);
	ASSERT_HAS(kit_log(), "the bytes changed on their way");
}

static struct fake_step skewed;

Test(faults, clock_that_is_an_hour_off_is_named)
{
	time_t then = time(NULL) - 3600;
	char date[64];

	(void)strftime(date, sizeof(date),
	    "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", gmtime(&then));
	skewed = (struct fake_step){.status = 403,
	    .headers = date,
	    .body = "<Error><Code>RequestTimeTooSkewed</Code></Error>"};
	open_at(fake_start(&skewed, 1));
	ASSERT_ERR(put(), ERR_STORE);
	seen_as("P");
	ASSERT_HAS(kit_log(), "the clocks differ");
	cr_assert(kit_has(kit_log(), "\"clock_off_s\":-3600") ||
		  kit_has(kit_log(), "\"clock_off_s\":-3601") ||
		  kit_has(kit_log(), "\"clock_off_s\":-3599"));
}

Test(faults, redirect_is_not_followed)
{
	SERVE({.status = 307, .headers = "Location: /seen/elsewhere\r\n"},
	    {.status = 200});
	ASSERT_ERR(put(), ERR_STORE);
	seen_as("P");
	ASSERT_HAS(kit_log(), "\"status\":307");
}

/* With the copy refused, the only one must not be deleted. */
Test(faults, move_whose_copy_fails_with_200_deletes_nothing)
{
	SERVE({.status = 200,
	    .body = "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code>"
		    "</Error>"});
	ASSERT_ERR(
	    object_move(store, KEY, OBJECT_PUBLIC, OBJECT_HIDDEN), ERR_STORE);
	seen_as("P");
}

Test(faults, list_that_is_none_is_refused)
{
	SERVE({.status = 200, .body = "<html>a proxy's page</html>"},
	    {.status = 200, .body = "no XML"},
	    {.status = 200,
		.body = "<!DOCTYPE x [<!ENTITY a \"b\">]>"
			"<ListBucketResult>&a;</ListBucketResult>"},
	    {.status = 200,
		.body = "<ListBucketResult><IsTruncated>true</IsTruncated>"
			"</ListBucketResult>"});
	for (int i = 0; i < 4; i++)
		ASSERT_ERR(list(), ERR_STORE);
	ASSERT_INT(fake_seen->requests, 4);
}

Test(faults, keys_that_are_none_are_not_listed)
{
	struct list found;
	const struct object_entry *entry;

	SERVE({.status = 200,
	    .body = "<ListBucketResult><IsTruncated>false</IsTruncated>"
		    "<Contents><Key>../../etc/passwd</Key><Size>1</Size>"
		    "</Contents><Contents><Key>abc</Key><Size>7</Size>"
		    "<LastModified>2026-11-21T09:05:07.250Z</LastModified>"
		    "</Contents></ListBucketResult>"});
	ASSERT_OK(object_list(
	    store, OBJECT_PUBLIC, NONE, NONE, 10, kit_arena, &found));
	ASSERT_INT((long long)found.count, 1);
	entry = found.items;
	ASSERT_STR(entry->key, "abc");
	ASSERT_INT(entry->size_bytes, 7);
	ASSERT_INT(entry->changed.us, INT64_C(1795251907250000));
}

/* ---- manners ---- */

Test(faults, connection_is_kept_from_request_to_request)
{
	SERVE({.status = 200});
	for (int i = 0; i < 5; i++)
		ASSERT_OK(put());
	ASSERT_INT(fake_seen->requests, 5);
	ASSERT_INT(fake_seen->connections, 1);
}

Test(faults, proxy_of_the_environment_is_not_asked)
{
	cr_assert(setenv("http_proxy", "http://127.0.0.1:1", 1) == 0);
	cr_assert(setenv("ALL_PROXY", "http://127.0.0.1:1", 1) == 0);
	SERVE({.status = 200});
	ASSERT_OK(put());
}

Test(faults, endpoint_is_a_server_and_nothing_else)
{
	static const char *const endpoints[] = {"", "s3.example",
	    "ftp://s3.example", "http://", "http://s3.example/path",
	    "file:///etc/passwd"};

	for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++) {
		settings.endpoint = str_from(endpoints[i]);
		ASSERT_ERR(object_s3_open(&settings, &store), ERR_INPUT);
	}
	ASSERT_HAS(kit_log(), "an endpoint begins with http:// or https://");
}

/* ---- TLS ---- */

/* A TLS server with a certificate that it made itself; it says its port. */
static pid_t
start_openssl(const char *key, const char *certificate, int *said)
{
	static const char script[] =
	    "exec </dev/null 2>/dev/null\n"
	    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
	    "-nodes -days 1 -subj /CN=localhost "
	    "-addext subjectAltName=DNS:localhost "
	    "-keyout \"$1\" -out \"$2\" &&\n"
	    "exec openssl s_server -accept 127.0.0.1:0 -www "
	    "-key \"$1\" -cert \"$2\"\n";
	int ends[2];
	pid_t child;

	cr_assert(pipe(ends) == 0);
	child = fork();
	cr_assert(child >= 0);
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)dup2(ends[1], 1);
		(void)execl("/bin/sh", "sh", "-c", script, "sh", key,
		    certificate, (char *)NULL);
		_exit(127);
	}
	(void)close(ends[1]);
	*said = ends[0];
	return child;
}

/* The port of "ACCEPT 127.0.0.1:PORT". */
static long
read_port(int from)
{
	static const char words[] = "ACCEPT 127.0.0.1:";
	char said[1024] = "";
	size_t length = 0;
	const char *at;

	while ((at = strstr(said, words)) == NULL || strchr(at, '\n') == NULL) {
		ssize_t n =
		    read(from, said + length, sizeof(said) - 1 - length);

		cr_assert(n > 0, "openssl did not start: %s", said);
		length += (size_t)n;
		said[length] = '\0';
	}
	return strtol(at + strlen(words), NULL, 10);
}

Test(faults, certificate_that_nobody_vouches_for_is_refused)
{
	int said;
	pid_t server = start_openssl(kit_file(NONE), kit_file(NONE), &said);

	open_at(kit_text("https://localhost:%ld", read_port(said)).at);
	ASSERT_ERR(put(), ERR_STORE);
	ASSERT_HAS(kit_log(), "certificate");
	(void)kill(server, SIGKILL);
	(void)waitpid(server, NULL, 0);
	(void)close(said);
}
