/* Addresses. */
#include "http/url.h"
#include "support.h"

TestSuite(url, .init = test_arena_start, .fini = test_arena_end);

static enum err
decode(const char *in, bool is_form, struct str *out)
{
	return url_decode(test_arena, str_from(in), is_form, out);
}

Test(url, escapes_are_decoded)
{
	struct str out;

	ASSERT_ERR(decode("a%2Fb%c3%A9+c", false, &out), OK);
	ASSERT_STR(out, "a/b\xc3\xa9+c");
}

Test(url, a_plus_is_a_space_in_forms_alone)
{
	struct str out;

	ASSERT_ERR(decode("a+b%2B", true, &out), OK);
	ASSERT_STR(out, "a b+");
}

Test(url, a_broken_escape_is_refused)
{
	static const char *const broken[] = {
	    "%", "%4", "a%", "%zz", "%4g", "%%41", "%-1", "% 1"};
	struct str out = STR("untouched");

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		ASSERT_ERR(decode(broken[i], false, &out), ERR_INPUT);
	ASSERT_STR(out, "untouched");
}

Test(url, escapes_that_are_not_text_are_refused)
{
	struct str out;

	ASSERT_ERR(decode("a%00b", false, &out), ERR_INPUT);
	ASSERT_ERR(decode("%ff", false, &out), ERR_INPUT);
	ASSERT_ERR(decode("%c0%af", false, &out), ERR_INPUT);
	ASSERT_ERR(decode("%ed%a0%80", false, &out), ERR_INPUT);
}

Test(url, values_are_escaped_where_the_pattern_has_places)
{
	struct url out;

	ASSERT_ERR(url_make(test_arena, &out, "/@{}/x?before={}&q={}",
		       URL_STR(STR("a b/\xc3\xa9")), URL_INT(-7),
		       URL_STR(STR("&=\"'<"))),
	    OK);
	ASSERT_STR(out.text, "/@a%20b%2F%C3%A9/x?before=-7&q=%26%3D%22%27%3C");
}

Test(url, a_pattern_without_places_is_the_address)
{
	struct url out;

	ASSERT_ERR(url_make(test_arena, &out, "/public"), OK);
	ASSERT_STR(out.text, "/public");
}

Test(url, the_number_of_values_must_fit_the_pattern)
{
	struct url out = URL("/untouched");

	ASSERT_ERR(
	    url_make(test_arena, &out, "/{}/{}", URL_INT(1)), ERR_INTERNAL);
	ASSERT_ERR(url_make(test_arena, &out, "/", URL_INT(1)), ERR_INTERNAL);
	ASSERT_STR(out.text, "/untouched");
}

Test(url, an_absolute_address_has_one_slash_between)
{
	struct url out;

	ASSERT_ERR(url_absolute(test_arena, STR("https://pix.example/"),
		       URL("/p/7"), &out),
	    OK);
	ASSERT_STR(out.text, "https://pix.example/p/7");
	ASSERT_ERR(url_absolute(
		       test_arena, STR("http://[::1]:8080"), URL("/p/7"), &out),
	    OK);
	ASSERT_STR(out.text, "http://[::1]:8080/p/7");
}

Test(url, paths_of_this_site_may_be_followed)
{
	static const char *const local[] = {
	    "/", "/p/7", "/search?q=%22a%22&x=//y", "/@ann#c", "/a//b"};

	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		cr_assert(url_is_local(str_from(local[i])), "%s", local[i]);
}

Test(url, what_could_lead_elsewhere_is_not_followed)
{
	static const char *const foreign[] = {"", "p/7", "//evil.example",
	    "/\\evil.example", "\\\\evil.example", "https://evil.example/",
	    "javascript:alert(1)", "/\t/evil.example", "/a b", "/a\r\nX: y",
	    "/a\"b", "/<b>", " /p", "/\xc3\xa9", "/a\x7f", "///evil.example"};

	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		cr_assert(
		    !url_is_local(str_from(foreign[i])), "%s", foreign[i]);
	cr_assert(!url_is_local(STR("/a\0b")));
	ASSERT_STR(url_local(STR("//x"), URL("/home")).text, "/home");
	ASSERT_STR(url_local(STR("/p/1"), URL("/home")).text, "/p/1");
}

static bool
is_same_origin(const char *a, const char *b)
{
	struct url_origin first, second;

	return url_origin(str_from(a), &first) == OK &&
	       url_origin(str_from(b), &second) == OK &&
	       url_origin_equal(first, second);
}

Test(url, an_origin_is_scheme_host_and_port)
{
	cr_assert(is_same_origin("https://a.example", "HTTPS://A.example:443"));
	cr_assert(
	    is_same_origin("http://a.example/x?y@z", "http://a.example:80"));
	cr_assert(is_same_origin("http://[::1]:81/", "http://[::1]:81"));
	cr_assert(is_same_origin("http://a.example:", "http://a.example"));
	cr_assert(!is_same_origin("http://a.example", "https://a.example"));
	cr_assert(!is_same_origin("https://a.example", "https://b.a.example"));
	cr_assert(
	    !is_same_origin("https://a.example", "https://a.example:444"));
}

Test(url, what_has_no_web_origin_is_refused)
{
	static const char *const bad[] = {"", "null", "a.example",
	    "//a.example", "ftp://a.example", "https:/a.example", "https://",
	    "https:///x", "https://u@a.example", "https://a.example:0",
	    "https://a.example:65536", "https://a.example:x", "https://a\\b",
	    "https://a b", "https://:443", "https://[::1",
	    "https://a.example:443:443"};
	struct url_origin out;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert(url_origin(str_from(bad[i]), &out) == ERR_INPUT, "%s",
		    bad[i]);
}
