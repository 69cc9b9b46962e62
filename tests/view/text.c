/* Captions and comments as HTML, and their tags and mentions. */
#include "view/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct arena *arena;

static void
make_arena(void)
{
	arena = arena_make(4 * 1024 * 1024);
	cr_assert_not_null(arena);
}

static void
free_arena(void)
{
	arena_free(arena);
}

static const char *
html_of(struct str text)
{
	struct html html;
	const char *z;

	cr_assert_eq(text_to_html(arena, text, &html), OK);
	cr_assert_eq(arena_z(arena, html.text, &z), OK);
	return z;
}

/* The values with a comma after each. */
static const char *
joined(struct list list)
{
	const struct str *items = list.items;
	struct str all = {0};

	for (size_t i = 0; i < list.count; i++)
		cr_assert_eq(arena_printf(arena, &all, "%.*s%.*s,",
				 STR_ARG(all), STR_ARG(items[i])),
		    OK);
	return all.at != NULL ? all.at : "";
}

static const char *
tags_of(struct str text)
{
	struct list list;

	cr_assert_eq(text_tags(arena, text, &list), OK);
	return joined(list);
}

static const char *
mentions_of(struct str text)
{
	struct list list;

	cr_assert_eq(text_mentions(arena, text, &list), OK);
	return joined(list);
}

TestSuite(text, .init = make_arena, .fini = free_arena);

#define SHOWS(name, written, expected)                               \
	Test(text, name)                                             \
	{                                                            \
		const char *html_ = html_of(STR(written));           \
		cr_assert_str_eq(html_, expected, "got: %s", html_); \
	}

#define TAG(word, tag) "<a href=\"/tag/" tag "\">#" word "</a>"
#define AT(word, name) "<a href=\"/@" name "\">@" word "</a>"
#define LINK(href, text) \
	"<a href=\"" href "\" rel=\"nofollow ugc noopener\">" text "</a>"

/* Text. */
SHOWS(nothing_gives_nothing, "", "")
SHOWS(plain_text_stays, "A quiet evening.", "A quiet evening.")
SHOWS(markup_is_escaped, "<script>alert('a')</script> & \"b\"",
    "&lt;script&gt;alert(&#39;a&#39;)&lt;/script&gt; &amp; &quot;b&quot;")
SHOWS(a_newline_is_a_break, "a\nb", "a<br>b")
SHOWS(two_newlines_are_two_breaks, "a\n\nb", "a<br><br>b")
SHOWS(more_newlines_are_two_breaks, "a\n\n\n\n\nb", "a<br><br>b")
SHOWS(white_space_between_newlines_does_not_count, "a \n \t\n \n b",
    "a<br><br> b")
SHOWS(crlf_is_one_newline, "a\r\nb\rc", "a<br>b<br>c")
SHOWS(a_line_separator_is_a_newline, "a\u2028b\u2029c", "a<br>b<br>c")
SHOWS(white_space_at_the_ends_goes, " \n a b \n\n", "a b")
SHOWS(control_characters_are_dropped,
    "a\001\033b\177\xc2\x9f"
    "c",
    "abc")
SHOWS(nul_is_dropped, "a\0b", "ab")
SHOWS(bytes_that_are_not_utf8_are_replaced, "a\xff\xc3(b\xe2\x82",
    "a\ufffd\ufffd(b\ufffd\ufffd")
SHOWS(direction_overrides_are_dropped, "a\u202ebc\u202c \u2066d\u2069\u202ae",
    "abc de")
SHOWS(natural_direction_stays, "\u05e9\u05dc\u05d5\u05dd\u200f",
    "\u05e9\u05dc\u05d5\u05dd\u200f")
SHOWS(stacked_marks_are_cut,
    "a\u0300\u0300\u0300\u0300\u0300\u0300\u0300\u0300\u0300\u0300\u0300z",
    "a\u0300\u0300\u0300\u0300\u0300\u0300\u0300\u0300z")
SHOWS(emoji_stay, "\U0001f468\u200d\U0001f469 \u2764\ufe0f",
    "\U0001f468\u200d\U0001f469 \u2764\ufe0f")

/* Hashtags. */
SHOWS(a_hashtag_is_a_link, "see #sunset.", "see " TAG("sunset", "sunset") ".")
SHOWS(a_hashtag_at_the_start_is_a_link, "#sunset", TAG("sunset", "sunset"))
SHOWS(a_hashtag_links_in_lower_case, "#SunSet", TAG("SunSet", "sunset"))
SHOWS(a_hashtag_may_have_digits_and_underscores, "#a_1b", TAG("a_1b", "a_1b"))
SHOWS(a_hashtag_may_begin_with_a_digit, "#35mm", TAG("35mm", "35mm"))
SHOWS(digits_alone_are_no_hashtag, "#2024", "#2024")
SHOWS(digits_of_another_script_are_no_hashtag, "#\u0662\u0660", "#\u0662\u0660")
SHOWS(a_keycap_is_no_hashtag, "#\ufe0f\u20e3", "#\ufe0f\u20e3")
SHOWS(a_hashtag_may_have_letters_of_any_script, "#\u00c9t\u00e9",
    TAG("\u00c9t\u00e9", "%C3%A9t%C3%A9"))
SHOWS(a_hashtag_may_have_marks, "#\u0939\u093f\u0928\u094d\u0926\u0940",
    TAG("\u0939\u093f\u0928\u094d\u0926\u0940",
	"%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80"))
SHOWS(a_hashtag_ends_at_punctuation, "#one,#two-x",
    TAG("one", "one") "," TAG("two", "two") "-x")
SHOWS(a_hash_inside_a_word_is_text, "a#b 1#c \u00e9#d", "a#b 1#c \u00e9#d")
SHOWS(two_hashes_are_text, "##a", "##a")
SHOWS(an_entity_is_no_hashtag, "&#xe9;", "&amp;#xe9;")
SHOWS(a_lone_hash_is_text, "# a #", "# a #")
SHOWS(a_hashtag_after_a_newline_is_a_link, "a\n#b", "a<br>" TAG("b", "b"))
SHOWS(a_hashtag_of_64_characters_is_a_link,
    "#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    TAG("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
SHOWS(a_longer_one_is_text,
    "#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
    "#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")
SHOWS(an_override_inside_a_hashtag_does_not_split_it, "#a\u202eb",
    TAG("ab", "ab"))

/* Mentions. */
SHOWS(a_mention_is_a_link, "by @ann_1!", "by " AT("ann_1", "ann_1") "!")
SHOWS(a_mention_links_in_lower_case, "@Ann", AT("Ann", "ann"))
SHOWS(a_short_name_is_no_mention, "@ab", "@ab")
SHOWS(a_name_of_30_is_a_mention, "@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    AT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
SHOWS(a_longer_name_is_no_mention, "@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
    "@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")
SHOWS(a_mail_address_is_no_mention, "ann@example.org", "ann@example.org")
SHOWS(a_handle_elsewhere_is_no_mention, "@ann@example.org", "@ann@example.org")
SHOWS(a_name_that_goes_on_in_another_script_is_no_mention, "@ann\u00e9",
    "@ann\u00e9")
SHOWS(a_mention_in_parentheses_is_a_link, "(@ann)", "(" AT("ann", "ann") ")")

/* Addresses. */
SHOWS(an_address_is_a_link, "see http://a.example/b?c=1&d=2#e",
    "see " LINK(
	"http://a.example/b?c=1&amp;d=2#e", "http://a.example/b?c=1&amp;d=2#e"))
SHOWS(https_is_linked_too, "https://a.example",
    LINK("https://a.example", "https://a.example"))
SHOWS(a_scheme_may_be_in_capitals, "HTTPS://A.example/B",
    LINK("HTTPS://A.example/B", "HTTPS://A.example/B"))
SHOWS(punctuation_after_an_address_is_not_in_it,
    "http://a.example/b. http://a.example/c?!, http://d.example'",
    LINK("http://a.example/b", "http://a.example/b") ". " LINK(
	"http://a.example/c",
	"http://a.example/c") "?!, " LINK("http://d.example",
	"http://d.example") "&#39;")
SHOWS(a_parenthesis_that_was_opened_is_part_of_an_address,
    "http://a.example/b_(c)",
    LINK("http://a.example/b_(c)", "http://a.example/b_(c)"))
SHOWS(a_parenthesis_round_an_address_is_not_part_of_it, "(http://a.example/b).",
    "(" LINK("http://a.example/b", "http://a.example/b") ").")
SHOWS(both_parentheses_are_told_apart, "(http://a.example/b_(c))",
    "(" LINK("http://a.example/b_(c)", "http://a.example/b_(c)") ")")
SHOWS(quotes_and_angles_end_an_address, "<http://a.example>\"",
    "&lt;" LINK("http://a.example", "http://a.example") "&gt;&quot;")
SHOWS(other_schemes_are_never_links,
    "javascript:alert(1) data:a ftp://a.example",
    "javascript:alert(1) data:a ftp://a.example")
SHOWS(a_scheme_inside_a_word_is_text, "xhttp://a.example", "xhttp://a.example")
SHOWS(a_scheme_alone_is_text, "http:// https://", "http:// https://")
SHOWS(
    a_scheme_without_a_host_is_text, "http:///a http://.", "http:///a http://.")
SHOWS(a_hash_in_an_address_is_no_hashtag, "http://a.example/#b",
    LINK("http://a.example/#b", "http://a.example/#b"))
SHOWS(an_at_in_an_address_is_no_mention, "http://a.example/@ann",
    LINK("http://a.example/@ann", "http://a.example/@ann"))
SHOWS(an_address_cannot_leave_its_attribute,
    "http://a.example/'onclick=alert(1)",
    LINK("http://a.example/&#39;onclick=alert(1)",
	"http://a.example/&#39;onclick=alert(1)"))
SHOWS(what_no_address_may_hold_is_encoded, "http://a.example/a|b%c%41",
    LINK("http://a.example/a%7Cb%25c%41", "http://a.example/a|b%c%41"))
SHOWS(an_address_ends_at_a_wide_space, "http://a.example\u3000b",
    LINK("http://a.example", "http://a.example") "\u3000b")

/* The index. */
Test(text, tags_are_in_lower_case_and_once_each)
{
	cr_assert_str_eq(tags_of(STR("#One #two #ONE a#b #3 #tw\u00c9")),
	    "one,two,tw\u00e9,");
}

Test(text, mentions_are_in_lower_case_and_once_each)
{
	cr_assert_str_eq(
	    mentions_of(STR("@Ann @bob @ANN a@dan @x")), "ann,bob,");
}

Test(text, tags_in_addresses_do_not_count)
{
	cr_assert_str_eq(tags_of(STR("http://a.example/#b #c")), "c,");
}

Test(text, a_text_without_tags_has_none)
{
	cr_assert_str_eq(tags_of(STR("nothing")), "");
}

static struct str
numbered(const char *format, int count)
{
	static char text[1024];
	size_t len = 0;

	for (int i = 0; i < count; i++)
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, "%s%d ", format, i);
	return (struct str){text, len};
}

Test(text, tags_past_the_limit_are_neither_indexed_nor_linked)
{
	struct str text = numbered("#tag", TEXT_MAX_TAGS + 2);
	struct list list;

	cr_assert_eq(text_tags(arena, text, &list), OK);
	cr_assert_eq(list.count, TEXT_MAX_TAGS);
	cr_assert_not_null(strstr(html_of(text), "/tag/tag29\""));
	cr_assert_null(strstr(html_of(text), "/tag/tag30\""));
}

Test(text, mentions_past_the_limit_are_neither_indexed_nor_linked)
{
	struct str text = numbered("@name", TEXT_MAX_MENTIONS + 2);
	struct list list;

	cr_assert_eq(text_mentions(arena, text, &list), OK);
	cr_assert_eq(list.count, TEXT_MAX_MENTIONS);
	cr_assert_not_null(strstr(html_of(text), "/@name29\""));
	cr_assert_null(strstr(html_of(text), "/@name30\""));
}

Test(text, values_outlive_the_text)
{
	char text[] = "#one @ann";
	struct list list;

	cr_assert_eq(text_tags(arena, str_from(text), &list), OK);
	memset(text, 'x', sizeof(text) - 1);
	cr_assert(str_equal(*(const struct str *)list.items, STR("one")));
}

Test(text, an_arena_that_is_full_is_an_error)
{
	struct arena *small = arena_make(16);
	struct html html;

	cr_assert_eq(text_to_html(small,
			 STR("a text that is longer than the arena"), &html),
	    ERR_MEMORY);
	arena_free(small);
}

/* One tag from outside. */
Test(text, a_tag_from_an_address_takes_its_canonical_form)
{
	struct str tag;

	cr_assert_eq(text_tag_parse(arena, STR("#Sun\u00c9"), &tag), OK);
	cr_assert(str_equal(tag, STR("sun\u00e9")));
	cr_assert_eq(text_tag_parse(arena, STR("Sun"), &tag), OK);
	cr_assert(str_equal(tag, STR("sun")));
}

Test(text, what_is_no_tag_is_refused)
{
	static const char *const wrong[] = {
	    "", "#", "12", "a b", "a-b", "##a", "a\xff", "/a"};
	struct str tag;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_assert_eq(text_tag_parse(arena, str_from(wrong[i]), &tag),
		    ERR_INPUT, "%s", wrong[i]);
}

/* Excerpts. */
static const char *
excerpt_of(struct str text, size_t max)
{
	struct str excerpt;
	const char *z;

	cr_assert_eq(text_excerpt(arena, text, max, &excerpt), OK);
	cr_assert_eq(arena_z(arena, excerpt, &z), OK);
	return z;
}

Test(text, a_short_text_is_its_own_excerpt)
{
	cr_assert_str_eq(excerpt_of(STR(" a\n\nb <c> "), 20), "a b <c>");
}

Test(text, a_long_text_is_cut_between_words)
{
	cr_assert_str_eq(
	    excerpt_of(STR("one two three four"), 15), "one two three\u2026");
}

Test(text, a_long_word_is_cut_inside)
{
	cr_assert_str_eq(
	    excerpt_of(STR("a \u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"), 5),
	    "a \u00e9\u00e9\u2026");
}

Test(text, an_excerpt_of_no_characters_is_empty)
{
	cr_assert_str_eq(excerpt_of(STR("a"), 0), "");
}

Test(text, an_excerpt_of_one_character_is_an_ellipsis)
{
	cr_assert_str_eq(excerpt_of(STR("abc"), 1), "\u2026");
}
