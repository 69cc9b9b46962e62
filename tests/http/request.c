/* Requests made of parameters. */
#include "http/request.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

TestSuite(request, .init = test_arena_start, .fini = test_arena_end);

static struct body_memory memory;
static struct body body;

/* A request of up to eight "NAME=value" strings. */
#define MAKE(...) make((const char *[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static struct request
make(const char *const *params)
{
	struct request r;

	body = body_from_memory(&memory);
	ASSERT_ERR(request_make(test_arena, params, &body, &r), OK);
	return r;
}

static char *
with(const char *name, const char *value)
{
	struct str out;

	cr_assert(arena_printf(test_arena, &out, "%s=%s", name, value) == OK);
	return strdup(z(out));
}

/* What becomes of a path; NULL where it is refused. */
static const char *
path_of(const char *uri)
{
	char *param = with("REQUEST_URI", uri);
	struct request r = MAKE("REQUEST_METHOD=GET", param);
	const char *out = r.fault == OK ? z(r.path) : NULL;

	free(param);
	return out;
}

Test(request, all_parameters_arrive)
{
	struct request r = MAKE("REQUEST_METHOD=POST", "REQUEST_URI=/a?b=c",
	    "CONTENT_TYPE=text/x", "CONTENT_LENGTH=12", "HTTPS=on",
	    "REMOTE_ADDR=::1", "REQUEST_ID=0123456789abcdef0123456789abcdef",
	    "HTTP_COOKIE=s=1", "HTTP_ORIGIN=https://a",
	    "HTTP_REFERER=https://b", "HTTP_HOST=c", "HTTP_ACCEPT=d",
	    "HTTP_USER_AGENT=e", "OTHER=f");

	cr_assert(r.fault == OK && r.method == METHOD_POST && r.is_https);
	ASSERT_STR(r.path, "/a");
	ASSERT_STR(r.query, "b=c");
	ASSERT_STR(r.content_type, "text/x");
	cr_assert_eq(r.content_length, 12);
	cr_assert_eq(r.body->left_bytes, 12);
	ASSERT_STR(r.remote_addr, "::1");
	ASSERT_STR(r.request_id, "0123456789abcdef0123456789abcdef");
	ASSERT_STR(r.cookies, "s=1");
	ASSERT_STR(r.origin, "https://a");
	ASSERT_STR(r.referer, "https://b");
	ASSERT_STR(r.host, "c");
	ASSERT_STR(r.accept, "d");
	ASSERT_STR(r.user_agent, "e");
}

Test(request, methods_are_the_three_or_other)
{
	cr_assert(MAKE("REQUEST_METHOD=GET").method == METHOD_GET);
	cr_assert(MAKE("REQUEST_METHOD=HEAD").method == METHOD_HEAD);
	cr_assert(MAKE("REQUEST_METHOD=POST").method == METHOD_POST);
	cr_assert(MAKE("REQUEST_METHOD=post").method == METHOD_OTHER);
	cr_assert(MAKE("REQUEST_METHOD=DELETE").method == METHOD_DELETE);
	cr_assert(MAKE("REQUEST_METHOD=PUT").method == METHOD_PUT);
	cr_assert(MAKE("REQUEST_METHOD=PATCH").method == METHOD_PATCH);
	cr_assert(MAKE("REQUEST_METHOD=TRACE").method == METHOD_OTHER);
	cr_assert(MAKE().method == METHOD_OTHER);
}

Test(request, a_path_is_decoded)
{
	cr_assert_str_eq(path_of("/tag/caf%C3%A9"), "/tag/caf\xc3\xa9");
	cr_assert_str_eq(path_of("/%40ann"), "/@ann");
	cr_assert_str_eq(path_of("/a+b"), "/a+b");
}

Test(request, dot_segments_and_doubled_slashes_go)
{
	cr_assert_str_eq(path_of("/a/./b/../c"), "/a/c");
	cr_assert_str_eq(path_of("//a///b"), "/a/b");
	cr_assert_str_eq(path_of("/a/.."), "/");
	cr_assert_str_eq(path_of("/a/b/."), "/a/b/");
	cr_assert_str_eq(path_of("/a/b/.."), "/a/");
	cr_assert_str_eq(path_of("/a/%2e%2E/b"), "/b");
	cr_assert_str_eq(path_of("/a%2F..%2Fb"), "/b");
	cr_assert_str_eq(path_of("/..."), "/...");
	cr_assert_str_eq(path_of("/a/"), "/a/");
	cr_assert_str_eq(path_of("/"), "/");
}

/* The segments with a "|" between. */
static const char *
segments_of(const char *uri)
{
	char *param = with("REQUEST_URI", uri);
	struct request r = MAKE("REQUEST_METHOD=GET", param);
	const struct str *segment = r.segments.items;
	struct str all = STR("");

	cr_assert_eq(r.fault, OK, "%s", uri);
	for (size_t i = 0; i < r.segments.count; i++)
		cr_assert_eq(
		    arena_printf(test_arena, &all, "%.*s%s%.*s", STR_ARG(all),
			i > 0 ? "|" : "", STR_ARG(segment[i])),
		    OK);
	free(param);
	return z(all);
}

Test(request, a_slash_that_is_escaped_is_part_of_its_segment)
{
	cr_assert_str_eq(segments_of("/"), "");
	cr_assert_str_eq(segments_of("/a/b"), "a|b");
	cr_assert_str_eq(segments_of("/a/"), "a|");
	cr_assert_str_eq(segments_of("/@a%2Fb/c"), "@a/b|c");
	cr_assert_str_eq(segments_of("/@a%2f"), "@a/");
	cr_assert_str_eq(segments_of("/@a%0A%252F"), "@a\n%2F");
}

/* nginx would choose the pool and the limits of another page. */
Test(request, an_escaped_slash_beside_dots_is_a_slash_as_nginx_has_it)
{
	cr_assert_str_eq(segments_of("/a%2F..%2Flogin"), "login");
	cr_assert_str_eq(segments_of("/a%2Fb/../login"), "a|login");
	cr_assert_str_eq(segments_of("/a%2Fb/./login"), "a|b|login");
	cr_assert_str_eq(segments_of("/a%2Fb//login"), "a|b|login");
	cr_assert_str_eq(segments_of("/%2Flogin"), "login");
	cr_assert_str_eq(segments_of("//login/%2F"), "login|");
}

Test(request, what_is_wrong_with_the_path_alone_leaves_the_rest)
{
	struct request r = MAKE(
	    "REQUEST_METHOD=POST", "REQUEST_URI=/../x?a=b", "CONTENT_LENGTH=9");

	cr_assert(r.fault == ERR_INPUT && r.is_path_fault);
	ASSERT_STR(r.raw_path, "/../x");
	ASSERT_STR(r.query, "a=b");
	cr_assert_eq(r.body->left_bytes, 9);
	r = MAKE("REQUEST_METHOD=POST", "REQUEST_URI=/x?\x01");
	cr_assert(r.fault == ERR_INPUT && !r.is_path_fault);
}

Test(request, a_path_that_climbs_out_is_refused)
{
	cr_assert_null(path_of("/.."));
	cr_assert_null(path_of("/a/../../b"));
	cr_assert_null(path_of("/%2e%2e/etc"));
}

Test(request, a_path_that_is_not_clean_text_is_refused)
{
	cr_assert_null(path_of("/a%00"));
	cr_assert_null(path_of("/%ff"));
	cr_assert_null(path_of("/%4"));
	cr_assert_null(path_of(""));
	cr_assert_null(path_of("http://a.example/"));
	cr_assert_null(path_of("*"));
}

Test(request, a_long_path_or_query_is_refused)
{
	static char uri[4096];

	memset(uri, 'a', REQUEST_PATH_BYTES);
	uri[0] = '/';
	cr_assert_not_null(path_of(uri));
	uri[REQUEST_PATH_BYTES] = 'a';
	cr_assert_null(path_of(uri));
	memset(uri, 'q', sizeof(uri));
	memcpy(uri, "/?", 2);
	uri[2 + REQUEST_QUERY_BYTES] = '\0';
	cr_assert_not_null(path_of(uri));
	uri[2 + REQUEST_QUERY_BYTES] = 'q';
	uri[3 + REQUEST_QUERY_BYTES] = '\0';
	cr_assert_null(path_of(uri));
}

Test(request, a_faulty_request_still_has_an_id_and_a_path)
{
	struct request r = MAKE("REQUEST_METHOD=POST", "REQUEST_URI=/?\x7f",
	    "CONTENT_LENGTH=9", "REQUEST_ID=short");

	cr_assert(r.fault == ERR_INPUT);
	ASSERT_STR(r.path, "/");
	cr_assert_eq(r.request_id.len, REQUEST_ID_CHARS);
	cr_assert_eq(r.body->left_bytes, 0);
}

Test(request, a_bad_request_id_is_replaced_by_a_random_one)
{
	struct request a = MAKE("REQUEST_ID=0123456789ABCDEF0123456789ABCDEF");
	struct request b = MAKE("REQUEST_ID=\"}{");

	cr_assert_eq(a.request_id.len, REQUEST_ID_CHARS);
	cr_assert_eq(b.request_id.len, REQUEST_ID_CHARS);
	cr_assert(!str_equal(a.request_id, b.request_id));
}

Test(request, a_content_length_is_a_number)
{
	cr_assert(
	    MAKE("REQUEST_URI=/", "CONTENT_LENGTH=-1").fault == ERR_INPUT);
	cr_assert(
	    MAKE("REQUEST_URI=/", "CONTENT_LENGTH=1x").fault == ERR_INPUT);
	cr_assert(MAKE("REQUEST_URI=/", "CONTENT_LENGTH=99999999999999999999")
		      .fault == ERR_INPUT);
	cr_assert(MAKE("REQUEST_URI=/", "CONTENT_LENGTH=").fault == OK);
}

Test(request, a_get_has_no_body)
{
	struct request r =
	    MAKE("REQUEST_METHOD=GET", "REQUEST_URI=/", "CONTENT_LENGTH=5");

	cr_assert_eq(r.content_length, 0);
	cr_assert_eq(r.body->left_bytes, 0);
}

Test(request, the_body_is_read_to_its_length_and_no_further)
{
	char bytes[8];
	size_t len = 9;
	struct request r;

	memory = (struct body_memory){STR("abcdef"), 4};
	r = MAKE("REQUEST_METHOD=POST", "REQUEST_URI=/", "CONTENT_LENGTH=5");
	ASSERT_ERR(body_read(r.body, bytes, sizeof(bytes), &len), OK);
	cr_assert_eq(len, 4);
	ASSERT_ERR(body_read(r.body, bytes, sizeof(bytes), &len), OK);
	cr_assert_eq(len, 1);
	ASSERT_ERR(body_read(r.body, bytes, sizeof(bytes), &len), OK);
	cr_assert_eq(len, 0);
}

Test(request, a_body_that_ends_early_is_refused)
{
	struct str out;
	struct request r;

	memory = (struct body_memory){STR("abc"), 0};
	r = MAKE("REQUEST_METHOD=POST", "REQUEST_URI=/", "CONTENT_LENGTH=5");
	ASSERT_ERR(body_read_all(r.body, test_arena, 10, &out), ERR_INPUT);
}

Test(request, a_body_past_the_limit_is_refused_unread)
{
	struct str out;
	struct request r;

	memory = (struct body_memory){STR("abc"), 0};
	r = MAKE("REQUEST_METHOD=POST", "REQUEST_URI=/", "CONTENT_LENGTH=3");
	ASSERT_ERR(body_read_all(r.body, test_arena, 2, &out), ERR_TOO_BIG);
	cr_assert_eq(memory.bytes.len, 3);
	ASSERT_ERR(body_read_all(r.body, test_arena, 3, &out), OK);
	ASSERT_STR(out, "abc");
}

static bool
comes_from(const char *origin, const char *referer)
{
	struct request r = MAKE(origin, referer);

	return request_is_same_site(&r, STR("https://pix.example/"));
}

Test(request, the_sites_own_origin_is_the_same_site)
{
	cr_assert(comes_from("HTTP_ORIGIN=https://pix.example", "X="));
	cr_assert(comes_from("HTTP_ORIGIN=https://PIX.example:443", "X="));
	cr_assert(comes_from("X=", "HTTP_REFERER=https://pix.example/p/1?x"));
	cr_assert(comes_from("X=", "HTTP_REFERER="));
	cr_assert(comes_from("X=", "Y="));
}

Test(request, another_origin_is_not_the_same_site)
{
	cr_assert(!comes_from("HTTP_ORIGIN=null", "X="));
	cr_assert(!comes_from("HTTP_ORIGIN=", "X="));
	cr_assert(!comes_from("HTTP_ORIGIN=http://pix.example", "X="));
	cr_assert(!comes_from("HTTP_ORIGIN=https://pix.example.evil", "X="));
	cr_assert(!comes_from("HTTP_ORIGIN=https://pix.example:8443", "X="));
	cr_assert(!comes_from("X=", "HTTP_REFERER=https://evil/pix.example"));
	cr_assert(!comes_from(
	    "HTTP_ORIGIN=https://evil", "HTTP_REFERER=https://pix.example/"));
}
