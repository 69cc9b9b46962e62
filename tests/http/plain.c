/* The head of a request that comes straight from the network. */
#include "http/plain.h"

#include "support.h"

TestSuite(plain, .init = test_arena_start, .fini = test_arena_end);

static enum err
parse(const char *head, struct plain *out)
{
	struct str exact = {0};

	ASSERT_ERR(arena_copy(test_arena, str_from(head), &exact), OK);
	return plain_parse(exact, out);
}

static enum err
refused(const char *head)
{
	return parse(head, &(struct plain){0});
}

Test(plain, a_head_is_whole_with_its_empty_line)
{
	cr_assert(plain_is_whole(STR("GET / HTTP/1.1\r\nHost: x\r\n\r\n")));
	cr_assert(!plain_is_whole(STR("GET / HTTP/1.1\r\nHost: x\r\n\r")));
	cr_assert(!plain_is_whole(STR("GET / HTTP/1.1\n\n")));
	cr_assert(!plain_is_whole((struct str){0}));
}

Test(plain, a_get_has_a_path_without_the_query)
{
	struct plain p;

	ASSERT_ERR(
	    parse("GET /metrics?x=/y HTTP/1.1\r\nHost: x\r\n\r\n", &p), OK);
	ASSERT_STR(p.path, "/metrics");
	cr_assert(!p.is_head && p.authorization.at == NULL);
}

Test(plain, a_head_is_told_from_a_get)
{
	struct plain p;

	ASSERT_ERR(parse("HEAD / HTTP/1.0\r\n\r\n", &p), OK);
	cr_assert(p.is_head);
}

Test(plain, authorization_is_found_whatever_its_case)
{
	struct plain p;

	ASSERT_ERR(parse("GET / HTTP/1.1\r\nAccept: */*\r\n"
			 "authoriZation:  Bearer abc \r\nX: y\r\n\r\n",
		       &p),
	    OK);
	ASSERT_STR(p.authorization, "Bearer abc");
}

Test(plain, two_authorizations_are_one_too_many)
{
	ASSERT_ERR(refused("GET / HTTP/1.1\r\nAuthorization: a\r\n"
			   "Authorization: b\r\n\r\n"),
	    ERR_INPUT);
}

Test(plain, other_methods_are_refused)
{
	ASSERT_ERR(refused("POST / HTTP/1.1\r\n\r\n"), ERR_METHOD);
	ASSERT_ERR(refused("get / HTTP/1.1\r\n\r\n"), ERR_METHOD);
}

Test(plain, a_body_is_refused)
{
	ASSERT_ERR(refused("GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"),
	    ERR_INPUT);
	ASSERT_ERR(
	    refused("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"),
	    ERR_INPUT);
	ASSERT_ERR(refused("GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), OK);
}

Test(plain, what_is_malformed_is_refused)
{
	static const char *const heads[] = {
	    "GET /\r\n\r\n",
	    "GET  / HTTP/1.1\r\n\r\n",
	    "GET metrics HTTP/1.1\r\n\r\n",
	    "GET http://x/metrics HTTP/1.1\r\n\r\n",
	    "GET / HTTP/2.0\r\n\r\n",
	    "GET / HTTP/1.1 \r\n\r\n",
	    "GET / HTTP/1.1\n\n",
	    "GET / HTTP/1.1\r\nHost\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
	    "GET / HTTP/1.1\r\n folded: x\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\nb\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: \x01\r\n\r\n",
	    "GET /\x80 HTTP/1.1\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: x\r\n",
	    "\r\n\r\n",
	    "",
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		cr_assert(refused(heads[i]) == ERR_INPUT, "%s", heads[i]);
}
