/* Structs as JSON. */
#include "view/json.h"

#include <criterion/criterion.h>

struct inner {
	struct str name;
};
#define T struct inner
SHAPE_LOCAL(shape_inner, T, SHAPE_FIELD(T, name));
#undef T

struct whole {
	bool is;
	int64_t number;
	struct str text;
	struct str absent;
	struct html markup;
	struct url address;
	struct url none;
	struct when at;
	struct when never;
	struct inner inner;
	struct list list;
	struct list texts;
};
#define T struct whole
SHAPE_LOCAL(shape_whole, T, SHAPE_FIELD(T, is), SHAPE_FIELD(T, number),
    SHAPE_FIELD(T, text), SHAPE_FIELD(T, absent), SHAPE_FIELD(T, markup),
    SHAPE_FIELD(T, address), SHAPE_FIELD(T, none), SHAPE_FIELD(T, at),
    SHAPE_FIELD(T, never), SHAPE_INNER(T, inner, &shape_inner),
    SHAPE_LIST_OF(T, list, &shape_inner), SHAPE_LIST_OF(T, texts, NULL));
#undef T

Test(json, every_kind_of_member_is_written_as_it_is_promised)
{
	const struct inner items[] = {{STR("a")}, {STR("b")}};
	const struct str texts[] = {STR("x"), STR("y\n")};
	const struct whole whole = {
	    .is = true,
	    .number = INT64_MIN,
	    .text = STR("\"<\\\xc3\xa9\x01"),
	    .markup = {STR("<b>")},
	    .address = {STR("/p/7?a&b")},
	    .at = {INT64_C(1795251907000000)},
	    .inner = {STR("in")},
	    .list = {items, 2},
	    .texts = {texts, 2},
	};
	struct buf b = {0};

	json_put(&b, &shape_whole, &whole);
	buf_put_char(&b, '\0');
	cr_assert_eq(buf_check(&b), OK);
	cr_assert_str_eq(b.at,
	    "{\"is\":true,\"number\":-9223372036854775808,"
	    "\"text\":\"\\\"<\\\\\xc3\xa9\\u0001\",\"absent\":\"\","
	    "\"markup\":\"<b>\",\"address\":\"/p/7?a&b\",\"none\":null,"
	    "\"at\":\"2026-11-21T09:05:07Z\",\"never\":null,"
	    "\"inner\":{\"name\":\"in\"},"
	    "\"list\":[{\"name\":\"a\"},{\"name\":\"b\"}],"
	    "\"texts\":[\"x\",\"y\\n\"]}");
	buf_free(&b);
}

Test(json, an_empty_list_is_an_empty_array)
{
	struct buf b = {0};

	json_put_list(&b, &shape_inner, (struct list){0});
	cr_assert(str_equal(buf_str(&b), STR("[]")));
	buf_free(&b);
}
