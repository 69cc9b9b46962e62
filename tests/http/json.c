/* JSON bodies as forms. */
#include "http/json.h"

#include "support.h"

#include <string.h>

TestSuite(json, .init = test_arena_start, .fini = test_arena_end);

static struct form
parsed(const char *text)
{
	struct form form = {0};

	cr_assert_eq(json_parse(test_arena, str_from(text), NULL, &form), OK,
	    "%s", text);
	return form;
}

static enum err
refused(const char *text)
{
	struct form form;

	return json_parse(test_arena, str_from(text), NULL, &form);
}

static bool
has(const struct form *form, const char *name, const char *value)
{
	return str_equal(form_value(form, str_from(name)), str_from(value));
}

Test(json, members_become_fields)
{
	struct form form = parsed("{\"a\":\"x \\u00e9\",\"b\":-7,\"c\":true,"
				  "\"d\":[\"1\",\"\"],\"e\":null,\"f\":\"\"}");

	cr_assert(has(&form, "a", "x \xc3\xa9") && has(&form, "b", "-7"));
	cr_assert(has(&form, "c", "true") && has(&form, "d", "1"));
	cr_assert_null(form_value(&form, STR("e")).at);
	cr_assert_not_null(form_value(&form, STR("f")).at);
	cr_assert_eq(form.fields.count, 6);
}

Test(json, texts_come_as_they_were_sent)
{
	struct form form =
	    parsed("{\"a\":\"0123\",\"b\":\"\xef\xbb\xbf\xe2\x80\x9cq\"}");

	cr_assert(has(&form, "a", "0123"));
	cr_assert(has(&form, "b", "\xef\xbb\xbf\xe2\x80\x9cq"));
}

Test(json, lines_end_as_in_forms_unless_they_are_kept)
{
	struct str text = STR("{\"a\":\"x\\r\\ny\\rz\"}");
	struct form_limits limits = {.keeps_lines = true};
	struct arena *a = test_arena;
	struct form form;

	cr_assert_eq(json_parse(a, text, NULL, &form), OK);
	cr_expect(str_equal(form_value(&form, STR("a")), STR("x\ny\nz")));
	cr_assert_eq(json_parse(a, text, &limits, &form), OK);
	cr_expect(str_equal(form_value(&form, STR("a")), STR("x\r\ny\rz")));
}

Test(json, what_is_no_object_of_plain_members_is_refused)
{
	static const char *const texts[] = {"", "{", "7", "null", "[]", "\"a\"",
	    "{\"a\":1.5}", "{\"a\":{}}", "{\"a\":[1]}", "{\"a\":[[]]}",
	    "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}", "{\"a\":1} x", "{a:1}",
	    "{\"a\":\"\xff\"}", "{\"a\":99999999999999999999}",
	    "{\"a\":\"\\ud800\"}"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect_eq(refused(texts[i]), ERR_INPUT, "%s", texts[i]);
}

struct sent {
	struct str text;
	bool is_on;
	struct list alts;
	int64_t count;
};

#define T struct sent
SHAPE_LOCAL(shape_sent, T, SHAPE_FIELD(T, text), SHAPE_FIELD(T, is_on),
    SHAPE_LIST_OF(T, alts, NULL), SHAPE_FIELD(T, count));
#undef T

Test(json, a_member_of_another_kind_is_named)
{
	static const struct {
		const char *text, *member, *detail;
	} cases[] = {
	    {"{\"text\":7}", "text", "Send a text, in quotes."},
	    {"{\"text\":true}", "text", "Send a text, in quotes."},
	    {"{\"text\":[\"a\"]}", "text", "Send a text, in quotes."},
	    {"{\"text\":{}}", "text", "Send a text, in quotes."},
	    {"{\"is_on\":\"\"}", "is_on", "Send true or false."},
	    {"{\"is_on\":1}", "is_on", "Send true or false."},
	    {"{\"alts\":\"a\"}", "alts", "Send an array of texts."},
	    {"{\"alts\":[\"a\",1]}", "alts", "Send an array of texts."},
	    {"{\"count\":\"1\"}", "count", "Send a number without a fraction."},
	    {"{\"count\":1.5}", "count", "Send a number without a fraction."},
	    {"[]", NULL, "The body has to be a JSON object."},
	    {"{\n\"text\": x}", NULL,
		"The body is no JSON object: look at line 2, column 9."},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json_fault why = {0};
		struct form form;

		cr_expect_eq(json_parse_as(test_arena, str_from(cases[i].text),
				 NULL, &shape_sent, &form, &why),
		    ERR_INPUT, "%s", cases[i].text);
		cr_expect(str_equal(why.detail, str_from(cases[i].detail)),
		    "%s: %.*s", cases[i].text, STR_ARG(why.detail));
		if (cases[i].member == NULL)
			cr_expect_null(why.member.at);
		else
			cr_expect(
			    str_equal(why.member, str_from(cases[i].member)));
	}
}

Test(json, members_of_nobody_are_passed_over)
{
	struct json_fault why = {0};
	struct form form;

	cr_assert_eq(json_parse_as(test_arena,
			 STR("{\"x\":{\"text\":1},\"text\":\"a\",\"y\":[[]],"
			     "\"is_on\":null,\"z\":1.5,\"count\":-2}"),
			 NULL, &shape_sent, &form, &why),
	    OK);
	cr_expect(has(&form, "text", "a") && has(&form, "count", "-2"));
	cr_expect_eq(form.fields.count, 2);
	cr_expect_null(why.detail.at);
}

Test(json, deep_nesting_is_refused_and_harms_nobody)
{
	char deep[40001];

	memset(deep, '[', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	cr_expect_eq(refused(deep), ERR_INPUT);
}

Test(json, the_limits_are_those_of_forms)
{
	struct form_limits limits = {.text_bytes = 20, .fields = 2};
	struct form form;
	struct arena *a = arena_make(1 << 20);

	cr_expect_eq(
	    json_parse(a, STR("{\"a\":\"12345678901234\"}"), &limits, &form),
	    ERR_TOO_BIG);
	cr_expect_eq(
	    json_parse(a, STR("{\"a\":[\"\",\"\",\"\"]}"), &limits, &form),
	    ERR_TOO_BIG);
	cr_expect_eq(
	    json_parse(a, STR("{\"a\":[\"\",\"\"]}"), &limits, &form), OK);
	arena_free(a);
}
