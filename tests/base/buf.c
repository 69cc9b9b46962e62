/* The growing buffer and its escapes. */
#include "base/buf.h"

#include "../helper/kit.h"

#include <string.h>

static struct buf b;

static void
end(void)
{
	buf_free(&b);
	kit_end();
}

TestSuite(buf, .init = kit_start, .fini = end);

static struct str
json(struct str s)
{
	buf_reset(&b);
	buf_put_json(&b, kit_exact(s));
	return buf_str(&b);
}

Test(buf, holds_what_was_put_in_order)
{
	buf_put(&b, STR("ab"));
	buf_put_char(&b, 'c');
	buf_put(&b, (struct str){0});
	buf_put_int(&b, -5);
	buf_printf(&b, "%s%d", "d", 6);
	buf_printf(&b, "%s", "");
	ASSERT_STR(buf_str(&b), "abc-5d6");
	ASSERT_OK(buf_check(&b));
}

Test(buf, is_the_empty_string_before_anything_is_put)
{
	cr_assert(buf_str(&b).at != NULL && buf_str(&b).len == 0);
}

Test(buf, grows_to_any_size)
{
	char piece[1000];

	memset(piece, 'x', sizeof(piece));
	for (int i = 0; i < 3000; i++)
		buf_put(&b, (struct str){piece, sizeof(piece)});
	ASSERT_OK(buf_check(&b));
	ASSERT_INT((long long)b.len, 3000 * 1000);
	cr_assert(b.at[2999999] == 'x');
}

Test(buf, numbers_are_whole_at_both_ends)
{
	buf_put_int(&b, 0);
	buf_put_char(&b, ' ');
	buf_put_int(&b, INT64_MAX);
	buf_put_char(&b, ' ');
	buf_put_int(&b, INT64_MIN);
	ASSERT_STR(buf_str(&b), "0 9223372036854775807 -9223372036854775808");
}

Test(buf, takes_its_limit_and_not_a_byte_more)
{
	b.max_bytes = 5;
	buf_put(&b, STR("12345"));
	ASSERT_OK(buf_check(&b));
	buf_put_char(&b, '6');
	ASSERT_ERR(buf_check(&b), ERR_TOO_BIG);
	ASSERT_STR(buf_str(&b), "12345");
}

Test(buf, a_failure_sticks)
{
	b.max_bytes = 5;
	buf_put(&b, STR("1234"));
	buf_printf(&b, "%s", "too long");
	buf_put(&b, STR("5"));
	buf_printf(&b, "6");
	buf_put_int(&b, 7);
	ASSERT_ERR(buf_check(&b), ERR_TOO_BIG);
	ASSERT_STR(buf_str(&b), "1234");
}

Test(buf, sizes_that_overflow_fail)
{
	buf_put_char(&b, 'x');
	buf_put(&b, (struct str){"", SIZE_MAX});
	ASSERT_ERR(buf_check(&b), ERR_TOO_BIG);
}

Test(buf, reset_forgets_the_failure_and_keeps_the_limit)
{
	b.max_bytes = 2;
	buf_put(&b, STR("123"));
	buf_reset(&b);
	ASSERT_OK(buf_check(&b));
	buf_put(&b, STR("12"));
	ASSERT_STR(buf_str(&b), "12");
	buf_put_char(&b, '3');
	ASSERT_ERR(buf_check(&b), ERR_TOO_BIG);
}

Test(buf, reset_keeps_little_memory_and_gives_back_much)
{
	char *at;

	buf_put_char(&b, 'x');
	at = b.at;
	buf_reset(&b);
	cr_assert(b.at == at && b.cap > 0);
	buf_printf(&b, "%*d", 2 * 1024 * 1024, 1);
	buf_reset(&b);
	cr_assert(b.at == NULL && b.cap == 0);
}

Test(buf, may_be_used_again_after_free)
{
	buf_put(&b, STR("x"));
	buf_free(&b);
	buf_put(&b, STR("y"));
	ASSERT_STR(buf_str(&b), "y");
}

Test(buf, escapes_what_html_takes_for_markup)
{
	buf_put_escaped(&b, STR("<a href=\"x\">Tom & 'Jerry'</a>"));
	ASSERT_STR(buf_str(&b), "&lt;a href=&quot;x&quot;&gt;Tom &amp; "
				"&#39;Jerry&#39;&lt;/a&gt;");
}

Test(buf, escapes_nothing_else)
{
	buf_put_escaped(&b, STR("plain \xe2\x82\xac `=/\n"));
	ASSERT_STR(buf_str(&b), "plain \xe2\x82\xac `=/\n");
	buf_put_escaped(&b, (struct str){0});
	cr_assert(b.len == strlen("plain \xe2\x82\xac `=/\n"));
}

Test(buf, json_escapes_quotes_backslashes_and_controls)
{
	ASSERT_STR(json(STR("a\"b\\c\nd\te\x01"
			    "f\x7fg")),
	    "\"a\\\"b\\\\c\\nd\\u0009e\\u0001f\\u007fg\"");
	ASSERT_STR(json(STR("a\0b")), "\"a\\u0000b\"");
	ASSERT_STR(json((struct str){0}), "\"\"");
}

Test(buf, json_keeps_well_formed_utf8)
{
	ASSERT_STR(json(STR("\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xb7.")),
	    "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xb7.\"");
}

#define BAD "\xef\xbf\xbd"

Test(buf, json_replaces_bytes_that_are_no_utf8)
{
	ASSERT_STR(json(STR("a\xff"
			    "b")),
	    "\"a" BAD "b\"");
	ASSERT_STR(json(STR("\xc0\xaf")), "\"" BAD BAD "\"");
	ASSERT_STR(json(STR("\xed\xa0\x80")), "\"" BAD BAD BAD "\"");
	ASSERT_STR(json(STR("\xe2\x82"
			    "abc")),
	    "\"" BAD BAD "abc\"");
}

Test(buf, json_does_not_look_past_the_end_of_a_cut_sequence)
{
	ASSERT_STR(json(STR("\xe2\x82")), "\"" BAD BAD "\"");
	ASSERT_STR(json(STR("\xf0\x9f\x93")), "\"" BAD BAD BAD "\"");
	ASSERT_STR(json(STR("x\xc3")), "\"x" BAD "\"");
}

Test(buf, percent_encodes_all_but_unreserved)
{
	buf_put_percent(&b, STR("aZ09-._~ /?&=#%+\xc3\xa4"));
	ASSERT_STR(buf_str(&b), "aZ09-._~%20%2F%3F%26%3D%23%25%2B%C3%A4");
}

static struct str
mdoc(struct str s)
{
	buf_reset(&b);
	buf_put_mdoc(&b, kit_exact(s));
	return buf_str(&b);
}

Test(buf, text_for_a_manual_page_holds_no_macro_and_no_escape)
{
	ASSERT_STR(mdoc(STR(".Sh no")), "\\&.Sh no\n");
	ASSERT_STR(mdoc(STR("'br\n.x")), "\\&'br\n\\&.x\n");
	ASSERT_STR(mdoc(STR("a\\fBb --all")), "a\\efBb \\-\\-all\n");
	ASSERT_STR(
	    mdoc(STR("One. Two.\nThree. .So")), "One.\nTwo.\nThree.\n\\&.So\n");
	ASSERT_STR(mdoc(STR("")), "");
}
