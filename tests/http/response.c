/* Answers. */
#include "http/response.h"
#include "http/url.h"
#include "support.h"

#include <string.h>

static struct buf body, head;
static struct response r;

static void
start(void)
{
	test_arena_start();
	r = response_start(&body);
}

static void
end(void)
{
	buf_free(&body);
	buf_free(&head);
	test_arena_end();
}

TestSuite(response, .init = start, .fini = end);

static const char *
head_of(const struct response *response)
{
	buf_reset(&head);
	ASSERT_ERR(response_head(response, &head), OK);
	ASSERT_ERR(buf_check(&head), OK);
	return z(buf_str(&head));
}

Test(response, a_page_has_its_status_type_and_length)
{
	const char *text;

	buf_put(&body, STR("<p>hello"));
	text = head_of(&r);
	cr_assert(str_starts(str_from(text), STR("Status: 200 OK\r\n")));
	cr_assert_not_null(
	    strstr(text, "\r\nContent-Type: text/html; charset=utf-8\r\n"));
	cr_assert_not_null(strstr(text, "\r\nContent-Length: 8\r\n"));
	cr_assert(str_ends(str_from(text), STR("\r\n\r\n")));
}

Test(response, a_page_is_not_stored_unless_it_says_so)
{
	cr_assert_not_null(
	    strstr(head_of(&r), "\r\nCache-Control: no-store\r\n"));
	r.cache_control = STR("public, max-age=10");
	cr_assert_not_null(
	    strstr(head_of(&r), "\r\nCache-Control: public, max-age=10\r\n"));
}

Test(response, every_answer_carries_the_security_headers)
{
	static const char *const expected[] = {
	    ("\r\nContent-Security-Policy: default-src 'none'; img-src 'self' "
	     "blob: data:; style-src 'self'; script-src 'self'; form-action "
	     "'self'; base-uri 'none'; frame-ancestors 'none'; connect-src "
	     "'self'; manifest-src 'self'\r\n"),
	    "\r\nX-Content-Type-Options: nosniff\r\n",
	    "\r\nReferrer-Policy: same-origin\r\n",
	    "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
	    "\r\nPermissions-Policy: "};

	r.status = 500;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		cr_assert_not_null(strstr(head_of(&r), expected[i]));
}

Test(response, more_headers_come_in_order)
{
	ASSERT_ERR(response_header(&r, STR("Set-Cookie"), STR("a=1")), OK);
	ASSERT_ERR(response_header(&r, STR("Set-Cookie"), STR("b=2")), OK);
	cr_assert_not_null(
	    strstr(head_of(&r), "\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"));
}

Test(response, a_header_cannot_smuggle_another_in)
{
	ASSERT_ERR(response_header(&r, STR("X"), STR("a\r\nSet-Cookie: b")),
	    ERR_INPUT);
	ASSERT_ERR(response_header(&r, STR("X"), STR("a\nb")), ERR_INPUT);
	ASSERT_ERR(response_header(&r, STR("X"), STR("a\0b")), ERR_INPUT);
	ASSERT_ERR(response_header(&r, STR("X: y\r\nZ"), STR("a")), ERR_INPUT);
	ASSERT_ERR(response_header(&r, STR(""), STR("a")), ERR_INPUT);
	cr_assert_eq(r.header_count, 0);
}

Test(response, a_type_with_a_line_end_makes_no_head)
{
	r.content_type = STR("text/html\r\nX: y");
	ASSERT_ERR(response_head(&r, &head), ERR_INTERNAL);
	cr_assert_eq(head.len, 0);
}

Test(response, headers_of_our_own_are_not_for_handlers)
{
	ASSERT_ERR(
	    response_header(&r, STR("content-length"), STR("1")), ERR_INTERNAL);
	ASSERT_ERR(response_header(&r, STR("Status"), STR("1")), ERR_INTERNAL);
}

Test(response, the_ninth_header_is_one_too_many)
{
	for (int i = 0; i < RESPONSE_HEADERS; i++)
		ASSERT_ERR(response_header(&r, STR("X"), STR("a")), OK);
	ASSERT_ERR(response_header(&r, STR("X"), STR("a")), ERR_INTERNAL);
}

Test(response, a_redirect_is_see_other_without_a_body)
{
	buf_put(&body, STR("half a page"));
	ASSERT_ERR(response_redirect(&r, URL("/p/7")), OK);
	cr_assert_eq(body.len, 0);
	cr_assert(str_starts(
	    str_from(head_of(&r)), STR("Status: 303 See Other\r\n")));
	cr_assert_not_null(strstr(head_of(&r), "\r\nLocation: /p/7\r\n"));
	cr_assert_not_null(strstr(head_of(&r), "\r\nContent-Length: 0\r\n"));
	cr_assert_null(strstr(head_of(&r), "Content-Type:"));
}

Test(response, a_redirect_stays_on_the_site)
{
	ASSERT_ERR(response_redirect(&r, URL("//evil.example")), ERR_INPUT);
	ASSERT_ERR(
	    response_redirect(&r, URL("https://evil.example")), ERR_INPUT);
	cr_assert_eq(r.status, 200);
}

Test(response, head_204_and_304_have_no_body)
{
	cr_assert(response_has_body(&r, METHOD_GET));
	cr_assert(response_has_body(&r, METHOD_OTHER));
	cr_assert(!response_has_body(&r, METHOD_HEAD));
	r.status = 204;
	cr_assert(!response_has_body(&r, METHOD_GET));
	cr_assert_null(strstr(head_of(&r), "Content-Length"));
	r.status = 304;
	cr_assert(!response_has_body(&r, METHOD_GET));
}

Test(response, every_status_of_the_site_has_a_reason)
{
	static const int used[] = {
	    200, 303, 400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 503};

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		cr_assert_str_neq(response_reason(used[i]), "Unknown");
	cr_assert_str_eq(response_reason(299), "Unknown");
}
