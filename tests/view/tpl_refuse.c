/* What refuses to start, and how well it says why. */
#include "kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

REFUSES(refuse, an_unknown_name, "a\n b {{worx}}",
    "page:2:4: there is no \"worx\" in shape_kit_page or around it; did you "
    "mean \"word\"?\n")
REFUSES(refuse, an_unknown_name_in_a_list, "{{#items}}{{namq}}{{/items}}",
    "page:1:11: there is no \"namq\" in shape_kit_item or around it; did you "
    "mean \"name\"?")
REFUSES(refuse, an_unknown_member, "{{item.nama}}",
    "there is no \"nama\" in shape_kit_item; did you mean \"name\"?")
REFUSES(refuse, a_strange_name_without_a_guess, "{{zyxwvu}}",
    "there is no \"zyxwvu\" in shape_kit_page or around it\n")
REFUSES(refuse, the_first_part_of_a_name_binds,
    "{{#item}}{{link.name}}"
    "{{/item}}",
    "a url has no \"name\"")
REFUSES(refuse, an_unknown_section, "{{#worx}}{{anything}}{{/worx}}",
    "page:1:1: there is no \"worx\"")
REFUSES(refuse, a_member_of_a_str, "{{word.len}}", "a str has no \"len\"")
REFUSES(refuse, a_name_with_strange_characters, "{{a-b}}", "is no name")
REFUSES(refuse, an_empty_name, "{{}}", "is no name")
REFUSES(refuse, a_name_that_ends_in_a_dot, "{{item.}}", "is no name")
REFUSES(refuse, a_name_with_a_space, "{{a b}}", "is no name")
REFUSES(refuse, an_unclosed_tag, "a\n{{word", "page:2:1: the tag is not closed")
REFUSES(refuse, an_unclosed_section, "a\n {{#yes}}b",
    "page:2:2: \"yes\" is not closed")
REFUSES(refuse, a_section_closed_by_another, "{{#yes}}\n{{#no}}{{/yes}}",
    "page:2:8: \"yes\" does not close \"no\"")
REFUSES(refuse, a_close_without_a_section, "{{/yes}}",
    "page:1:1: no section is open here that \"yes\" could close")
REFUSES(refuse, raw_output_in_three_braces, "{{{body}}}",
    "page:1:1: raw output does not exist")
REFUSES(refuse, raw_output_with_an_ampersand, "{{&body}}",
    "raw output does not exist")
REFUSES(
    refuse, other_delimiters, "{{=<% %>=}}", "the delimiters cannot be changed")
REFUSES(
    refuse, inheritance, "{{<part/a}}{{/part/a}}", "there is no inheritance")
REFUSES(refuse, a_bool_as_a_variable, "{{yes}}", "\"yes\" is a bool")
REFUSES(refuse, one_as_a_variable, "{{many.one}}", "is a bool")
REFUSES(refuse, a_list_as_a_variable, "{{items}}", "\"items\" is a list")
REFUSES(refuse, a_struct_as_a_variable, "{{item}}", "\"item\" is a struct")
REFUSES(refuse, an_instant_as_a_variable, "{{created}}",
    "\"created\" is a when: print its .ago, .date, .day or .iso")
REFUSES(refuse, a_dot_that_is_a_struct, "{{#items}}{{.}}{{/items}}",
    "\".\" is a struct here")
REFUSES(refuse, a_dot_that_is_a_bool, "{{#yes}}{{.}}{{/yes}}", "is a bool")
REFUSES(refuse, an_inverted_struct, "{{^item}}{{/item}}",
    "is a struct, which is always there")
REFUSES(refuse, a_section_over_how_a_time_is_printed,
    "{{#created.ago}}{{/created.ago}}", "over the time itself")
REFUSES(refuse, one_of_one, "{{#many.one.one}}{{/many.one.one}}",
    "a bool has no \"one\"")

Test(refuse, several_faults_are_told_at_once)
{
	const char *why = kit_refusal("{{a1}}\n{{b2}}\n{{items}}\n");

	cr_assert_not_null(strstr(why, "page:1:1: "));
	cr_assert_not_null(strstr(why, "\npage:2:1: "));
	cr_assert_not_null(strstr(why, "\npage:3:1: "));
}

Test(refuse, names_inside_an_unknown_section_are_not_complained_about)
{
	const char *why = kit_refusal("{{#worx}}{{x1}}{{/worx}}");

	cr_assert_null(strstr(why, "x1"));
}

Test(refuse, a_broken_context_is_told_once)
{
	const char *why = kit_refusal("<a b=><a b=>{{yes}}");

	cr_assert_str_eq(why,
	    "page:1:6: the attribute's value is missing\n"
	    "page:1:13: \"yes\" is a bool: it can head a section, but not be "
	    "printed\n");
}

Test(refuse, a_missing_partial)
{
	cr_assert_str_eq(kit_refusal("a\n {{> part/none}}\n"),
	    "page:2:2: there is no file part/none.mustache\n");
}

Test(refuse, a_partial_with_a_path_that_leaves)
{
	cr_assert_not_null(strstr(
	    kit_refusal("{{> part/../page}}"), "a partial's name is part/"));
	cr_assert_not_null(
	    strstr(kit_refusal("{{> page}}"), "a partial's name is part/"));
}

Test(refuse, a_partial_that_includes_itself)
{
	kit_file("part/a", "x{{> part/b}}");
	kit_file("part/b", "y{{> part/a}}");
	cr_assert_str_eq(kit_refusal("{{> part/a}}"),
	    "part/b:1:2: a partial may not include itself\n");
}

Test(refuse, faults_in_a_partial_name_its_file)
{
	kit_file("part/a", "a\n  {{worx}}\n");
	cr_assert_not_null(strstr(kit_refusal("\n   {{> part/a}}\n"),
	    "part/a:2:3: there is no \"worx\""));
}

Test(refuse, a_fault_in_a_partial_is_told_once)
{
	kit_file("part/a", "{{worx}}");
	cr_assert_null(strstr(
	    strchr(kit_refusal("{{> part/a}}{{> part/a}}"), '\n'), "worx"));
}

Test(refuse, a_section_may_not_leave_its_partial)
{
	kit_file("part/open", "{{#yes}}");
	kit_file("part/close", "{{/yes}}");
	cr_assert_not_null(strstr(kit_refusal("{{> part/open}}{{/yes}}"),
	    "part/open:1:1: \"yes\" is not closed"));
	cr_assert_not_null(
	    strstr(kit_refusal("{{#yes}}{{> part/close}}{{/yes}}"),
		"part/close:1:1: no section is open here"));
}

static char *
repeat(const char *text, size_t count)
{
	size_t len = strlen(text);
	char *all = malloc(len * count + 1);

	cr_assert_not_null(all);
	for (size_t i = 0; i < count; i++)
		memcpy(all + i * len, text, len);
	all[len * count] = '\0';
	return all;
}

Test(refuse, sections_that_are_too_deep)
{
	char *text = repeat("{{#yes}}", TPL_MAX_SECTION_DEPTH + 1);

	cr_assert_not_null(
	    strstr(kit_refusal(text), "sections inside each other"));
	free(text);
}

Test(refuse, lists_that_are_too_deep)
{
	char *text = repeat("{{#items}}", TPL_MAX_LOOP_DEPTH + 1);

	cr_assert_not_null(
	    strstr(kit_refusal(text), "lists inside each other"));
	free(text);
}

Test(refuse, partials_that_are_too_deep)
{
	static char names[20][16];
	static char texts[20][24];

	for (size_t i = 0; i < 20; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "part/p%zu", i);
		(void)snprintf(
		    texts[i], sizeof(texts[i]), "{{> part/p%zu}}", i + 1);
		kit_file(names[i], texts[i]);
	}
	kit_file("part/p20", "a");
	cr_assert_not_null(
	    strstr(kit_refusal("{{> part/p0}}"), "too many partials inside"));
}

Test(refuse, a_file_that_is_too_big)
{
	char *text = repeat("a", TPL_MAX_FILE_BYTES + 1);

	cr_assert_not_null(strstr(kit_refusal(text), "page.mustache has over"));
	free(text);
}

Test(refuse, a_template_with_too_much_text)
{
	char *text = repeat("a", TPL_MAX_FILE_BYTES);

	kit_file("part/a", text);
	cr_assert_not_null(
	    strstr(kit_refusal("{{>part/a}}{{>part/a}}{{>part/a}}{{>part/a}}!"),
		"bytes of text"));
	free(text);
}

Test(refuse, a_template_with_too_many_tags)
{
	char *text = repeat("{{word}}", TPL_MAX_OPS / 2);

	kit_file("part/a", text);
	cr_assert_not_null(
	    strstr(kit_refusal("{{>part/a}}{{>part/a}}"), "tags"));
	free(text);
}

Test(refuse, a_file_that_is_not_utf8)
{
	cr_assert_str_eq(
	    kit_refusal("a\xff"), "page:1:1: page.mustache is not UTF-8\n");
}
