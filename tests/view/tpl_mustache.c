/* The Mustache language: interpolation, sections, partials, white space. */
#include "kit.h"

#include <string.h>

/* Text and variables. */
RENDERS(mustache, text_stays_as_it_is, "a\n b { } c\n", "a\n b { } c\n")
RENDERS(mustache, an_empty_template_renders_nothing, "", "")
RENDERS(mustache, a_variable_is_replaced, "<p>{{word}}!</p>", "<p>page!</p>")
RENDERS(mustache, spaces_inside_a_tag_mean_nothing, "{{  word\t}}", "page")
RENDERS(mustache, spaces_round_a_variable_stay, " {{word}} \n", " page \n")
RENDERS(mustache, a_variable_alone_on_a_line_keeps_the_line, "  {{word}}\n",
    "  page\n")
RENDERS(mustache, an_int_is_decimal, "{{many}}|{{none}}", "-42|0")
RENDERS(mustache, a_str_is_escaped, "{{name}}", "Ann &amp; &lt;Bob&gt;")
RENDERS(mustache, html_is_not_escaped, "{{body}}", "<b>bold</b>")
RENDERS(mustache, a_url_is_escaped, "{{link}}", "/p/7?a=1&amp;b=2")
RENDERS(mustache, an_absent_str_prints_nothing, "({{bare}}{{away}})", "()")
RENDERS(mustache, dots_lead_into_structs, "{{item.name}}", "single")
RENDERS(mustache, an_instant_prints_as_iso, "{{created.iso}}",
    "2026-11-21T09:05:07Z")
RENDERS(mustache, an_instant_prints_as_date, "{{created.date}}",
    "21 November 2026, 09:05 UTC")
RENDERS(
    mustache, an_instant_prints_as_day, "{{created.day}}", "21 November 2026")
RENDERS(mustache, an_instant_prints_how_long_ago, "{{created.ago}}", "2 d")
RENDERS(
    mustache, a_list_has_a_count, "{{items.count}} {{nothing.count}}", "2 0")

/* Sections. */
RENDERS(mustache, a_true_bool_shows_its_section, "{{#yes}}a{{/yes}}", "a")
RENDERS(mustache, a_false_bool_hides_its_section, "{{#no}}a{{/no}}", "")
RENDERS(mustache, an_empty_str_is_false, "{{#empty}}a{{/empty}}", "")
RENDERS(mustache, a_str_is_true, "{{#word}}a{{/word}}", "a")
RENDERS(mustache, an_empty_url_is_false, "{{#away}}a{{/away}}", "")
RENDERS(mustache, a_url_is_true, "{{#link}}a{{/link}}", "a")
RENDERS(mustache, empty_html_is_false, "{{#bare}}a{{/bare}}", "")
RENDERS(mustache, html_is_true, "{{#body}}a{{/body}}", "a")
RENDERS(mustache, zero_is_false, "{{#none}}a{{/none}}", "")
RENDERS(mustache, a_number_is_true, "{{#many}}a{{/many}}", "a")
RENDERS(mustache, never_is_false, "{{#never}}a{{/never}}", "")
RENDERS(mustache, an_instant_is_true, "{{#created}}a{{/created}}", "a")
RENDERS(mustache, one_tells_singular_from_plural,
    "{{#one.one}}a{{/one.one}}{{#many.one}}b{{/many.one}}"
    "{{^one.one}}c{{/one.one}}{{^many.one}}d{{/many.one}}",
    "ad")
RENDERS(mustache, a_count_has_one,
    "{{#items.count.one}}a{{/items.count.one}}"
    "{{^items.count.one}}b{{/items.count.one}}",
    "b")
RENDERS(mustache, a_count_heads_a_section,
    "{{#items.count}}a{{/items.count}}{{#nothing.count}}b{{/nothing.count}}",
    "a")
RENDERS(mustache, a_section_over_a_value_makes_it_the_item,
    "{{#word}}{{.}}{{/word}}{{#many}} {{.}}{{/many}}", "page -42")
RENDERS(mustache, a_section_over_a_value_keeps_the_names_around,
    "{{#link}}{{word}}{{link}}{{/link}}", "page/p/7?a=1&amp;b=2")
RENDERS(mustache, a_struct_brings_its_members_into_scope,
    "{{#item}}{{name}} {{number}} {{word}}{{/item}}", "single 5 page")
RENDERS(mustache, a_list_repeats_its_section,
    "{{#items}}{{name}}{{number}};{{/items}}", "x1;y2;")
RENDERS(mustache, an_empty_list_shows_nothing,
    "{{#nothing}}a{{name}}{{/nothing}}", "")
RENDERS(mustache, the_items_of_a_list_of_str_are_dots,
    "{{#tags}}[{{.}}]{{/tags}}", "[red][&lt;green&gt;]")
RENDERS(mustache, the_inner_name_hides_the_outer,
    "{{name}}{{#items}}{{name}}{{/items}}{{name}}",
    "Ann &amp; &lt;Bob&gt;xyAnn &amp; &lt;Bob&gt;")
RENDERS(mustache, an_outer_name_is_found_from_a_list,
    "{{#items}}{{word}}{{/items}}", "pagepage")
RENDERS(mustache, lists_nest,
    "{{#items}}{{name}}({{#items}}{{name}}{{number}}{{/items}}){{/items}}",
    "x()y(z3)")
RENDERS(mustache, a_list_of_str_nests_in_a_list,
    "{{#items}}{{#tags}}{{name}}{{.}} {{/tags}}{{/items}}",
    "xred x&lt;green&gt; ")
RENDERS(mustache, a_list_inside_a_struct_is_reached_with_dots,
    "{{#item.tags}}{{.}}{{/item.tags}}", "red")
RENDERS(mustache, a_section_inside_a_hidden_section_is_hidden,
    "a{{#no}}b{{#yes}}c{{/yes}}d{{/no}}e", "ae")
RENDERS(mustache, the_same_section_may_come_twice,
    "{{#yes}}a{{/yes}}-{{#yes}}b{{/yes}}", "a-b")
RENDERS(mustache, a_section_may_stand_in_itself,
    "{{#yes}}a{{#yes}}b{{/yes}}c{{/yes}}", "abc")
RENDERS(mustache, dots_lead_a_section_into_structs,
    "{{#item.number}}a{{/item.number}}", "a")

/* Inverted sections. */
RENDERS(mustache, a_false_bool_shows_the_inverted, "{{^no}}a{{/no}}", "a")
RENDERS(mustache, a_true_bool_hides_the_inverted, "{{^yes}}a{{/yes}}", "")
RENDERS(mustache, an_empty_list_shows_the_inverted,
    "{{^nothing}}a{{/nothing}}{{^items}}b{{/items}}", "a")
RENDERS(mustache, an_empty_str_shows_the_inverted,
    "{{^empty}}a{{/empty}}{{^word}}b{{/word}}", "a")
RENDERS(mustache, zero_shows_the_inverted,
    "{{^none}}a{{/none}}{{^one}}b{{/one}}", "a")
RENDERS(mustache, an_inverted_section_leaves_the_item_alone,
    "{{#tags}}{{^no}}{{.}} {{/no}}{{/tags}}", "red &lt;green&gt; ")

/* Comments. */
RENDERS(mustache, a_comment_prints_nothing, "a{{! {{ nothing }}b", "ab")
RENDERS(mustache, a_comment_may_span_lines, "a{{! one\ntwo\n }}b\n", "ab\n")
RENDERS(
    mustache, a_comment_alone_takes_its_line, "a\n  {{! b }}\nc\n", "a\nc\n")
RENDERS(mustache, a_comment_over_lines_takes_its_lines,
    "a\n  {{! b\n c }}  \nz\n", "a\nz\n")
RENDERS(mustache, a_comment_beside_text_keeps_the_line, "a {{! b }}\nc\n",
    "a \nc\n")

/* Tags alone on their lines. */
RENDERS(mustache, a_section_tag_alone_takes_its_line,
    "a\n{{#yes}}\nb\n{{/yes}}\nc\n", "a\nb\nc\n")
RENDERS(mustache, an_indented_tag_alone_takes_its_line,
    "a\n  {{#yes}}\t\n  b\n\t{{/yes}}  \nc\n", "a\n  b\nc\n")
RENDERS(mustache, a_list_repeats_whole_lines,
    "{{#items}}\n- {{name}}\n{{/items}}\n", "- x\n- y\n")
RENDERS(mustache, two_tags_on_a_line_are_not_alone, "{{#yes}}{{/yes}}\na\n",
    "\na\n")
RENDERS(mustache, a_tag_beside_text_is_not_alone, "{{#yes}} a\n{{/yes}} b\n",
    " a\n b\n")
RENDERS(mustache, a_tag_alone_at_the_end_needs_no_newline,
    "{{#yes}}\na\n{{/yes}}", "a\n")
RENDERS(mustache, a_tag_alone_at_the_end_takes_its_indent,
    "{{#yes}}\na\n  {{/yes}}", "a\n")
RENDERS(mustache, a_tag_alone_takes_a_crlf,
    "a\r\n{{#yes}}\r\nb\r\n{{/yes}}\r\nc", "a\r\nb\r\nc")
RENDERS(mustache, inverted_tags_alone_take_their_lines, "{{^no}}\na\n{{/no}}\n",
    "a\n")

/* Partials. */
static void
with_partials(void)
{
	kit_file("part/word", "({{word}})");
	kit_file("part/line", "<i>{{name}}</i>\n");
	kit_file("part/two", "a\nb\n");
	kit_file("part/outer", "[\n  {{> part/two}}\n]\n");
	kit_file("part/open", "{{#yes}}\n {{word}}\n{{/yes}}\n");
	kit_file("part/empty", "");
}

#define PARTIAL(name, template, expected)                            \
	Test(partials, name, .init = with_partials)                  \
	{                                                            \
		const char *page_ = kit_render(template);            \
		cr_assert_str_eq(page_, expected, "got: %s", page_); \
	}

PARTIAL(a_partial_stands_in_its_place, "a{{>part/word}}b", "a(page)b")
PARTIAL(a_partial_may_have_spaces_in_its_tag, "{{>  part/word  }}", "(page)")
PARTIAL(a_partial_sees_the_scope_where_it_stands,
    "{{#items}}{{> part/line}}{{/items}}", "<i>x</i>\n<i>y</i>\n")
PARTIAL(a_partial_alone_takes_its_line, "a\n{{> part/two}}\nc", "a\na\nb\nc")
PARTIAL(
    a_partial_alone_hands_on_its_indent, "  {{> part/two}}\nc", "  a\n  b\nc")
PARTIAL(a_partial_beside_text_hands_on_no_indent, "  {{> part/two}} c\n",
    "  a\nb\n c\n")
PARTIAL(indents_of_nested_partials_add_up, " {{> part/outer}}\n",
    " [\n   a\n   b\n ]\n")
PARTIAL(a_section_alone_in_an_indented_partial_takes_its_line,
    "  {{> part/open}}\n", "   page\n")
PARTIAL(an_empty_partial_prints_nothing, "a\n  {{> part/empty}}\nb", "a\nb")
PARTIAL(
    a_partial_may_come_twice, "{{> part/word}}{{> part/word}}", "(page)(page)")
PARTIAL(a_value_in_an_indented_partial_is_not_indented, "  {{> part/word}}\n",
    "  (page)")
