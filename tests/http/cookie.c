/* Cookies. */
#include "http/cookie.h"
#include "support.h"

TestSuite(cookie, .init = test_arena_start, .fini = test_arena_end);

static struct str
find(const char *header, const char *name)
{
	return cookie_find(str_from(header), str_from(name), false);
}

Test(cookie, a_cookie_is_found_among_others)
{
	ASSERT_STR(find("a=1; session=abc-_9; b=2", "session"), "abc-_9");
	ASSERT_STR(find("session=x", "session"), "x");
	ASSERT_STR(find("a=1;session=x", "session"), "x");
}

Test(cookie, the_first_of_two_of_a_name_counts)
{
	ASSERT_STR(find("s=first; s=second", "s"), "first");
}

Test(cookie, a_name_must_match_as_a_whole)
{
	cr_assert_null(find("xs=1; sx=2; S=3", "s").at);
	cr_assert_null(find("", "s").at);
	cr_assert_null(find("s", "t").at);
	cr_assert_null(find("a=s=1", "s").at);
}

Test(cookie, quotes_around_a_value_are_no_part_of_it)
{
	ASSERT_STR(find("s=\"abc\"", "s"), "abc");
}

Test(cookie, a_quote_on_one_side_makes_it_no_cookie)
{
	cr_assert_null(find("s=\"abc", "s").at);
	cr_assert_null(find("s=abc\"", "s").at);
	cr_assert_null(find("s=\"", "s").at);
}

Test(cookie, an_equals_sign_may_be_in_the_value)
{
	ASSERT_STR(find("s=a=b==", "s"), "a=b==");
}

Test(cookie, a_value_with_foreign_bytes_is_no_cookie)
{
	cr_assert_null(find("s=a b", "s").at);
	cr_assert_null(find("s=a\\b", "s").at);
	cr_assert_null(find("s=\xc3\xa9", "s").at);
	cr_assert_null(find("s=a\"b", "s").at);
}

Test(cookie, with_tls_only_the_host_cookie_counts)
{
	struct str header = STR("s=stolen; __Host-s=right");

	ASSERT_STR(cookie_find(header, STR("s"), true), "right");
	ASSERT_STR(cookie_find(header, STR("s"), false), "stolen");
	cr_assert_null(cookie_find(STR("s=stolen"), STR("s"), true).at);
}

Test(cookie, with_tls_a_cookie_is_bound_to_the_host)
{
	struct str out;

	ASSERT_ERR(cookie_make(test_arena, STR("session"), STR("abc"), 3600,
		       true, &out),
	    OK);
	ASSERT_STR(out, "__Host-session=abc; Path=/; Max-Age=3600; Secure; "
			"HttpOnly; SameSite=Lax");
}

Test(cookie, without_tls_a_cookie_is_plain)
{
	struct str out;

	ASSERT_ERR(
	    cookie_make(test_arena, STR("s"), STR(""), 0, false, &out), OK);
	ASSERT_STR(out, "s=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
	ASSERT_ERR(
	    cookie_make(test_arena, STR("s"), STR("x"), -1, false, &out), OK);
	ASSERT_STR(out, "s=x; Path=/; HttpOnly; SameSite=Lax");
}

Test(cookie, a_value_that_would_break_the_header_is_refused)
{
	struct str out;

	ASSERT_ERR(cookie_make(test_arena, STR("s"), STR("a; Domain=x"), 1,
		       false, &out),
	    ERR_INPUT);
	ASSERT_ERR(
	    cookie_make(test_arena, STR("s"), STR("a\r\nX: y"), 1, false, &out),
	    ERR_INPUT);
}
