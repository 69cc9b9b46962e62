#include "kit.h"

#include <string.h>

#define T struct kit_item
SHAPE(shape_kit_item, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, number),
    SHAPE_FIELD(T, link), SHAPE_FIELD(T, is_first),
    SHAPE_LIST_OF(T, tags, NULL), SHAPE_LIST_OF(T, items, &shape_kit_item));
#undef T

#define T struct kit_page
SHAPE(shape_kit_page, T, SHAPE_FIELD(T, name), SHAPE_FIELD(T, empty),
    SHAPE_FIELD(T, word), SHAPE_FIELD(T, query), SHAPE_FIELD(T, comma),
    SHAPE_FIELD(T, script), SHAPE_FIELD(T, body), SHAPE_FIELD(T, bare),
    SHAPE_FIELD(T, link), SHAPE_FIELD(T, away), SHAPE_FIELD(T, created),
    SHAPE_FIELD(T, never), SHAPE_FIELD(T, none), SHAPE_FIELD(T, one),
    SHAPE_FIELD(T, many), SHAPE_FIELD(T, yes), SHAPE_FIELD(T, no),
    SHAPE_INNER(T, item, &shape_kit_item),
    SHAPE_LIST_OF(T, items, &shape_kit_item),
    SHAPE_LIST_OF(T, nothing, &shape_kit_item), SHAPE_LIST_OF(T, tags, NULL));
#undef T

#define LITERAL(text)                  \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct str tags[] = {LITERAL("red"), LITERAL("<green>")};

static const struct kit_item inner_items[] = {
    {.name = LITERAL("z"), .number = 3}};

static const struct kit_item items[] = {
    {.name = LITERAL("x"),
	.number = 1,
	.link = {LITERAL("/x")},
	.is_first = true,
	.tags = {tags, 2}},
    {.name = LITERAL("y"),
	.number = 2,
	.link = {LITERAL("/y")},
	.items = {inner_items, 1}},
};

const struct kit_page kit_page = {
    .name = LITERAL("Ann & <Bob>"),
    .empty = LITERAL(""),
    .word = LITERAL("page"),
    .query = LITERAL("a&b=c/d \xc3\xa9"),
    .comma = LITERAL(", b"),
    .script = LITERAL("javascript:alert(1)"),
    .body = {LITERAL("<b>bold</b>")},
    .link = {LITERAL("/p/7?a=1&b=2")},
    .created = {INT64_C(1795251907000000)},
    .one = 1,
    .many = -42,
    .yes = true,
    .item = {.name = LITERAL("single"),
	.number = 5,
	.link = {LITERAL("/i/5")},
	.tags = {tags, 1}},
    .items = {items, 2},
    .tags = {tags, 2},
};

const struct when kit_now = {
    INT64_C(1795251907000000) + INT64_C(2) * 24 * 3600 * 1000000 + 5};

static struct {
	const char *name;
	const char *text;
} files[32];

void
kit_file(const char *name, const char *text)
{
	size_t i = 0;

	while (files[i].name != NULL && strcmp(files[i].name, name) != 0)
		i++;
	files[i].name = name;
	files[i].text = text;
}

static enum err
read_memory(void *who, const char *name, struct buf *path, struct buf *text)
{
	(void)who;
	for (size_t i = 0; files[i].name != NULL; i++)
		if (strcmp(files[i].name, name) == 0) {
			buf_put(path, str_from(name));
			buf_put(text, str_from(files[i].text));
			return OK;
		}
	return ERR_ABSENT;
}

const struct tpl_reader kit_reader = {read_memory, NULL};

static const struct tpl_source source = {"page", &shape_kit_page};

static const char *
end_string(struct buf *b)
{
	buf_put_char(b, '\0');
	cr_assert_eq(buf_check(b), OK);
	return b->at;
}

const char *
kit_render(const char *text)
{
	static struct buf out;
	struct buf complaints = {0};
	struct tpl_set *set = NULL;
	enum err e;

	kit_file("page", text);
	e = tpl_set_parse(&kit_reader, &source, 1, &complaints, &set);
	cr_assert_eq(e, OK, "%s: %s", err_name(e), end_string(&complaints));
	cr_assert_eq(complaints.len, 0);
	buf_reset(&out);
	cr_assert_eq(
	    tpl_render(tpl_find(set, "page"), &kit_page, kit_now, &out), OK);
	tpl_set_free(set);
	buf_free(&complaints);
	return end_string(&out);
}

const char *
kit_refusal(const char *text)
{
	static struct buf complaints;
	struct tpl_set *set = NULL;

	kit_file("page", text);
	buf_reset(&complaints);
	cr_assert_eq(tpl_set_parse(&kit_reader, &source, 1, &complaints, &set),
	    ERR_INPUT, "was accepted: %s", text);
	cr_assert_null(set);
	return end_string(&complaints);
}
