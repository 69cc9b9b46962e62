/* Views of bytes. */
#include "base/str.h"

#include "../helper/kit.h"

TestSuite(str, .init = kit_start, .fini = kit_end);

static bool
is_text(struct str s)
{
	return str_is_text(kit_exact(s));
}

static enum err
parse(const char *text, int64_t min, int64_t max, int64_t *out)
{
	return str_parse_int(kit_exact(str_from(text)), min, max, out);
}

Test(str, from_null_is_the_absent_string)
{
	struct str s = str_from(NULL);

	cr_assert(s.at == NULL && s.len == 0);
}

Test(str, equal_compares_every_byte)
{
	cr_assert(str_equal(STR("a\0b"), STR("a\0b")));
	cr_assert(!str_equal(STR("a\0b"), STR("a\0c")));
	cr_assert(!str_equal(STR("ab"), STR("abc")));
	cr_assert(!str_equal(STR("a"), STR("A")));
	cr_assert(str_equal((struct str){0}, STR("")));
}

Test(str, equal_nocase_folds_a_to_z_alone)
{
	cr_assert(str_equal_nocase(STR("azAZ09_"), STR("AZaz09_")));
	cr_assert(!str_equal_nocase(STR("@["), STR("`{")));
	cr_assert(!str_equal_nocase(STR("\xc3\xa4"), STR("\xc3\x84")));
	cr_assert(!str_equal_nocase(STR("a"), STR("ab")));
	cr_assert(str_equal_nocase((struct str){0}, STR("")));
}

Test(str, starts_and_ends_know_both_sides)
{
	cr_assert(str_starts(STR("abc"), STR("ab")));
	cr_assert(!str_starts(STR("abc"), STR("bc")));
	cr_assert(!str_starts(STR("a"), STR("ab")));
	cr_assert(str_ends(STR("abc"), STR("bc")));
	cr_assert(!str_ends(STR("abc"), STR("ab")));
	cr_assert(!str_ends(STR("c"), STR("bc")));
}

Test(str, everything_begins_and_ends_with_nothing)
{
	cr_assert(str_starts(STR("x"), STR("")) && str_ends(STR("x"), STR("")));
	cr_assert(str_starts((struct str){0}, (struct str){0}));
	cr_assert(str_ends((struct str){0}, (struct str){0}));
}

Test(str, slice_stays_inside)
{
	ASSERT_STR(str_slice(STR("abcdef"), 1, 3), "bcd");
	ASSERT_STR(str_slice(STR("abcdef"), 4, 99), "ef");
	ASSERT_STR(str_slice(STR("abcdef"), 4, SIZE_MAX), "ef");
	ASSERT_STR(str_slice(STR("abcdef"), 6, 1), "");
	ASSERT_STR(str_slice(STR("abcdef"), 99, 1), "");
	cr_assert(str_slice((struct str){0}, 1, 1).at == NULL);
}

Test(str, trim_takes_ascii_space_from_both_ends)
{
	ASSERT_STR(str_trim(STR(" \t\r\n\f\va b\v\f\n\r\t ")), "a b");
	ASSERT_STR(str_trim(STR(" \n ")), "");
	ASSERT_STR(str_trim(STR("a")), "a");
	ASSERT_STR(str_trim(STR("\xc2\xa0"
				"a")),
	    "\xc2\xa0"
	    "a");
	ASSERT_STR(str_trim((struct str){0}), "");
}

Test(str, find_gives_the_first_or_the_length)
{
	ASSERT_INT((long long)str_find(STR("abcb"), 'b'), 1);
	ASSERT_INT((long long)str_find(STR("abc"), 'x'), 3);
	ASSERT_INT((long long)str_find(STR("a\0b"), '\0'), 1);
	ASSERT_INT((long long)str_find((struct str){0}, 'x'), 0);
	ASSERT_INT((long long)str_count(STR("abcb"), 'b'), 2);
	ASSERT_INT((long long)str_count(STR("abc"), 'x'), 0);
	ASSERT_INT((long long)str_count((struct str){0}, 'x'), 0);
}

Test(str, cut_takes_part_after_part)
{
	struct str rest = STR("a,,b");

	ASSERT_STR(str_cut(&rest, ','), "a");
	ASSERT_STR(rest, ",b");
	ASSERT_STR(str_cut(&rest, ','), "");
	ASSERT_STR(str_cut(&rest, ','), "b");
	ASSERT_STR(rest, "");
	ASSERT_STR(str_cut(&rest, ','), "");
	rest = (struct str){0};
	ASSERT_STR(str_cut(&rest, ','), "");
}

Test(str, text_is_well_formed_utf8)
{
	cr_assert(is_text(STR("")));
	cr_assert(is_text(STR("plain\n\x01\x7f")));
	cr_assert(is_text(STR("\xc2\x80")));
	cr_assert(is_text(STR("\xdf\xbf")));
	cr_assert(is_text(STR("\xe0\xa0\x80")));
	cr_assert(is_text(STR("\xed\x9f\xbf\xee\x80\x80")));
	cr_assert(is_text(STR("\xef\xbf\xbf")));
	cr_assert(is_text(STR("\xf0\x90\x80\x80")));
	cr_assert(is_text(STR("\xf4\x8f\xbf\xbf")));
}

Test(str, text_holds_no_nul)
{
	cr_assert(!is_text(STR("a\0b")));
}

Test(str, overlong_forms_are_no_text)
{
	cr_assert(!is_text(STR("\xc0\x80")));
	cr_assert(!is_text(STR("\xc1\xbf")));
	cr_assert(!is_text(STR("\xe0\x9f\xbf")));
	cr_assert(!is_text(STR("\xf0\x8f\xbf\xbf")));
}

Test(str, surrogates_are_no_text)
{
	cr_assert(!is_text(STR("\xed\xa0\x80")));
	cr_assert(!is_text(STR("\xed\xbf\xbf")));
}

Test(str, what_unicode_does_not_have_is_no_text)
{
	cr_assert(!is_text(STR("\xf4\x90\x80\x80")));
	cr_assert(!is_text(STR("\xf5\x80\x80\x80")));
	cr_assert(!is_text(STR("\xff")));
	cr_assert(!is_text(STR("\xfe")));
}

Test(str, a_sequence_that_is_cut_is_no_text)
{
	cr_assert(!is_text(STR("\xc3")));
	cr_assert(!is_text(STR("\xe2\x82")));
	cr_assert(!is_text(STR("\xf0\x9f\x93")));
	cr_assert(!is_text(STR("\xe2\x82"
			       "a")));
	cr_assert(!is_text(STR("\xf0\x9f\x93"
			       "a")));
	cr_assert(!is_text(STR("\x80")));
}

Test(str, chars_are_code_points)
{
	ASSERT_INT((long long)str_count_chars(STR("")), 0);
	ASSERT_INT((long long)str_count_chars(STR("abc")), 3);
	ASSERT_INT((long long)str_count_chars(
		       STR("\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\xb7!")),
	    4);
}

Test(str, numbers_are_read_at_their_limits)
{
	int64_t n = 0;

	ASSERT_OK(parse("9223372036854775807", INT64_MIN, INT64_MAX, &n));
	cr_assert(n == INT64_MAX);
	ASSERT_OK(parse("-9223372036854775808", INT64_MIN, INT64_MAX, &n));
	cr_assert(n == INT64_MIN);
	ASSERT_OK(parse("-5", -5, 5, &n));
	ASSERT_INT(n, -5);
	ASSERT_OK(parse("5", -5, 5, &n));
	ASSERT_INT(n, 5);
	ASSERT_OK(parse("-0", 0, 0, &n));
	ASSERT_INT(n, 0);
	ASSERT_OK(parse("007", 0, 9, &n));
	ASSERT_INT(n, 7);
}

Test(str, numbers_past_a_limit_are_refused)
{
	int64_t n = 42;

	ASSERT_ERR(
	    parse("9223372036854775808", INT64_MIN, INT64_MAX, &n), ERR_INPUT);
	ASSERT_ERR(
	    parse("-9223372036854775809", INT64_MIN, INT64_MAX, &n), ERR_INPUT);
	ASSERT_ERR(parse("99999999999999999999999", INT64_MIN, INT64_MAX, &n),
	    ERR_INPUT);
	ASSERT_ERR(parse("6", -5, 5, &n), ERR_INPUT);
	ASSERT_ERR(parse("-6", -5, 5, &n), ERR_INPUT);
	ASSERT_INT(n, 42);
}

Test(str, what_is_no_number_is_refused)
{
	static const char *const words[] = {
	    "", "-", "--1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "a", "1-"};
	int64_t n = 42;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ASSERT_ERR(
		    parse(words[i], INT64_MIN, INT64_MAX, &n), ERR_INPUT);
	ASSERT_ERR(str_parse_int((struct str){0}, 0, 9, &n), ERR_INPUT);
	ASSERT_ERR(str_parse_int(STR("1\0"), 0, 9, &n), ERR_INPUT);
	ASSERT_INT(n, 42);
}
