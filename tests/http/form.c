/* Forms and query strings. */
#include "http/form.h"
#include "support.h"

#include <string.h>

TestSuite(form, .init = test_arena_start, .fini = test_arena_end);

struct entry {
	struct str caption;
	int64_t number;
	bool is_agreed;
	struct list alt;
};
#define T struct entry
SHAPE(shape_entry, T, SHAPE_FIELD(T, caption), SHAPE_FIELD(T, number),
    SHAPE_FIELD(T, is_agreed), SHAPE_LIST_OF(T, alt, NULL));
#undef T

extern const struct shape shape_entry;

static enum err
parse(const char *text, struct form *out)
{
	return form_parse(test_arena, str_from(text), NULL, out);
}

static enum err
fill(const char *text, struct entry *out)
{
	struct form form;

	TRY(parse(text, &form));
	return form_fill(test_arena, &form, &shape_entry, out);
}

Test(form, fields_fill_the_struct)
{
	struct entry e;
	const struct str *alt;

	ASSERT_ERR(
	    fill(
		"caption=a+%26+b&number=-42&is_agreed=on&alt=x&alt=&alt=z", &e),
	    OK);
	ASSERT_STR(e.caption, "a & b");
	cr_assert_eq(e.number, -42);
	cr_assert(e.is_agreed);
	cr_assert_eq(e.alt.count, 3);
	alt = e.alt.items;
	ASSERT_STR(alt[0], "x");
	ASSERT_STR(alt[1], "");
	ASSERT_STR(alt[2], "z");
}

Test(form, what_is_missing_is_zero)
{
	struct entry e;

	memset(&e, 0xff, sizeof(e));
	ASSERT_ERR(fill("", &e), OK);
	cr_assert(e.caption.at == NULL && e.caption.len == 0);
	cr_assert(e.number == 0 && !e.is_agreed && e.alt.count == 0);
}

Test(form, unknown_fields_are_ignored)
{
	struct entry e;

	ASSERT_ERR(fill("evil=1&caption=x&&=y&z", &e), OK);
	ASSERT_STR(e.caption, "x");
}

Test(form, the_first_of_a_repeated_field_counts)
{
	struct entry e;

	ASSERT_ERR(fill("number=1&number=2", &e), OK);
	cr_assert_eq(e.number, 1);
}

Test(form, an_empty_number_is_zero_and_a_word_is_refused)
{
	struct entry e = {.number = 5};

	ASSERT_ERR(fill("number=x", &e), ERR_INPUT);
	ASSERT_ERR(fill("number=1.5", &e), ERR_INPUT);
	ASSERT_ERR(fill("number=9223372036854775808", &e), ERR_INPUT);
	cr_assert_eq(e.number, 5);
	ASSERT_ERR(fill("number=", &e), OK);
	cr_assert_eq(e.number, 0);
}

Test(form, what_does_not_fit_is_named)
{
	static const struct {
		const char *text, *member;
	} cases[] = {{"number=x&caption=a", "number"},
	    {"number=1&is_agreed=perhaps", "is_agreed"},
	    {"number=7&is_agreed=on&caption=a", NULL}, {"", NULL}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct shape_member *m;
		struct form form;

		ASSERT_ERR(parse(cases[i].text, &form), OK);
		m = form_misfit(test_arena, &form, &shape_entry);
		if (cases[i].member == NULL)
			cr_expect_null(m, "%s", cases[i].text);
		else
			cr_expect_str_eq(m->name, cases[i].member);
	}
}

Test(form, a_tick_is_on_1_true_or_yes)
{
	struct entry e;

	ASSERT_ERR(fill("is_agreed=1", &e), OK);
	cr_assert(e.is_agreed);
	ASSERT_ERR(fill("is_agreed=true", &e), OK);
	cr_assert(e.is_agreed);
	ASSERT_ERR(fill("is_agreed=0", &e), OK);
	cr_assert(!e.is_agreed);
	ASSERT_ERR(fill("is_agreed=maybe", &e), ERR_INPUT);
}

Test(form, line_ends_become_lf)
{
	struct entry e;

	ASSERT_ERR(fill("caption=1%0D%0A2%0D3%0A4%0D%0D%0A", &e), OK);
	ASSERT_STR(e.caption, "1\n2\n3\n4\n\n");
	ASSERT_ERR(fill("caption=%0D", &e), OK);
	ASSERT_STR(e.caption, "\n");
}

Test(form, a_value_that_is_not_text_is_refused)
{
	struct form form;

	ASSERT_ERR(parse("a=%00", &form), ERR_INPUT);
	ASSERT_ERR(parse("a=%fe", &form), ERR_INPUT);
	ASSERT_ERR(parse("a=\xff", &form), ERR_INPUT);
	ASSERT_ERR(parse("%ff=a", &form), ERR_INPUT);
	ASSERT_ERR(parse("a=%4", &form), ERR_INPUT);
}

Test(form, a_value_is_found_by_name)
{
	struct form form;

	ASSERT_ERR(parse("csrf=t%2B&x=1", &form), OK);
	ASSERT_STR(form_value(&form, STR("csrf")), "t+");
	cr_assert_null(form_value(&form, STR("y")).at);
}

Test(form, too_many_fields_are_refused)
{
	struct form_limits limits = {.fields = 3};
	struct form form;

	ASSERT_ERR(form_parse(test_arena, STR("a&b&c"), &limits, &form), OK);
	ASSERT_ERR(form_parse(test_arena, STR("a&b&c&d"), &limits, &form),
	    ERR_TOO_BIG);
}

Test(form, the_usual_limit_is_200_fields)
{
	char text[2 * FORM_FIELDS + 3];
	struct form form;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 == 0 ? 'a' : '&';
	ASSERT_ERR(form_parse(test_arena, (struct str){text, 2 * FORM_FIELDS},
		       NULL, &form),
	    OK);
	cr_assert_eq(form.fields.count, FORM_FIELDS);
	ASSERT_ERR(form_parse(test_arena, (struct str){text, sizeof(text)},
		       NULL, &form),
	    ERR_TOO_BIG);
}

Test(form, too_much_text_is_refused)
{
	struct form_limits limits = {.text_bytes = 5};
	struct form form;

	ASSERT_ERR(form_parse(test_arena, STR("a=bcd"), &limits, &form), OK);
	ASSERT_ERR(
	    form_parse(test_arena, STR("a=bcde"), &limits, &form), ERR_TOO_BIG);
}

Test(form, a_list_of_more_than_fifty_is_refused)
{
	char text[4 * (FORM_LIST_ITEMS + 1) + 1] = "";
	struct entry e;

	for (int i = 0; i < FORM_LIST_ITEMS; i++)
		memcpy(text + 4 * i, "alt&", 5);
	ASSERT_ERR(fill(text, &e), OK);
	cr_assert_eq(e.alt.count, FORM_LIST_ITEMS);
	memcpy(text + 4 * FORM_LIST_ITEMS, "alt&", 5);
	ASSERT_ERR(fill(text, &e), ERR_INPUT);
}

static enum err
read_as(const char *type, struct str text, struct form *out)
{
	struct body_memory memory = {text, 0};
	struct body body = body_from_memory(&memory);
	struct request r = {.method = METHOD_POST,
	    .content_type = str_from(type),
	    .content_length = (int64_t)text.len,
	    .body = &body};

	return form_read(test_arena, &r, NULL, out);
}

Test(form, a_posted_form_is_read)
{
	struct form form;

	ASSERT_ERR(read_as("Application/X-WWW-form-urlencoded; charset=UTF-8",
		       STR("a=1"), &form),
	    OK);
	ASSERT_STR(form_value(&form, STR("a")), "1");
}

Test(form, another_type_of_body_is_refused)
{
	struct form form;

	ASSERT_ERR(
	    read_as("application/json", STR("{}"), &form), ERR_MEDIA_TYPE);
	ASSERT_ERR(read_as("", STR("a=1"), &form), ERR_MEDIA_TYPE);
	ASSERT_ERR(read_as("text/plain", STR("a=1"), &form), ERR_MEDIA_TYPE);
}

Test(form, an_empty_body_is_an_empty_form)
{
	struct form form;

	ASSERT_ERR(read_as(NULL, STR(""), &form), OK);
	cr_assert_eq(form.fields.count, 0);
}

Test(form, a_multipart_form_is_read_as_well)
{
	struct form form;

	ASSERT_ERR(read_as("multipart/form-data; boundary=B",
		       STR("--B\r\nContent-Disposition: form-data; "
			   "name=\"a\"\r\n\r\n1\r\n--B--\r\n"),
		       &form),
	    OK);
	ASSERT_STR(form_value(&form, STR("a")), "1");
}

Test(form, a_query_fills_a_struct)
{
	struct request r = {.query = STR("number=7&caption=x")};
	struct entry e;

	ASSERT_ERR(form_fill_query(test_arena, &r, &shape_entry, &e), OK);
	cr_assert_eq(e.number, 7);
}
