/* What a shape knows of its struct. */
#include "base/shape.h"

#include "../helper/kit.h"

struct inner {
	int64_t depth;
};

struct sample {
	bool is_set;
	int64_t number;
	struct str text;
	struct html markup;
	struct url address;
	struct when moment;
	struct inner inner;
	struct list inners;
	struct list words;
};

#define T struct inner
SHAPE_LOCAL(shape_inner, T, SHAPE_FIELD(T, depth));
#undef T

#define T struct sample
SHAPE_LOCAL(shape_sample, T, SHAPE_FIELD(T, is_set), SHAPE_FIELD(T, number),
    SHAPE_FIELD(T, text), SHAPE_FIELD(T, markup), SHAPE_FIELD(T, address),
    SHAPE_FIELD(T, moment), SHAPE_INNER(T, inner, &shape_inner),
    SHAPE_LIST_OF(T, inners, &shape_inner), SHAPE_LIST_OF(T, words, NULL));
#undef T

static void
assert_member(const char *name, enum shape_kind kind, size_t offset,
    const struct shape *of)
{
	const struct shape_member *m =
	    shape_find(&shape_sample, str_from(name));

	cr_assert(m != NULL);
	cr_assert_str_eq(m->name, name);
	cr_assert(m->kind == kind && m->offset == offset && m->of == of);
}

#define ASSERT_MEMBER(name, kind, of) \
	assert_member(#name, (kind), offsetof(struct sample, name), (of))

Test(shape, every_type_has_its_kind_and_place)
{
	ASSERT_MEMBER(is_set, SHAPE_BOOL, NULL);
	ASSERT_MEMBER(number, SHAPE_INT, NULL);
	ASSERT_MEMBER(text, SHAPE_STR, NULL);
	ASSERT_MEMBER(markup, SHAPE_HTML, NULL);
	ASSERT_MEMBER(address, SHAPE_URL, NULL);
	ASSERT_MEMBER(moment, SHAPE_WHEN, NULL);
	ASSERT_MEMBER(inner, SHAPE_STRUCT, &shape_inner);
	ASSERT_MEMBER(inners, SHAPE_LIST, &shape_inner);
	ASSERT_MEMBER(words, SHAPE_LIST, NULL);
}

Test(shape, knows_size_and_count)
{
	cr_assert(shape_sample.size == sizeof(struct sample));
	cr_assert(shape_sample.count == 9);
	cr_assert_str_eq(shape_sample.name, "shape_sample");
}

Test(shape, find_takes_whole_names_alone)
{
	cr_assert(shape_find(&shape_sample, STR("numbe")) == NULL);
	cr_assert(shape_find(&shape_sample, STR("numbers")) == NULL);
	cr_assert(shape_find(&shape_sample, STR("Number")) == NULL);
	cr_assert(shape_find(&shape_sample, (struct str){0}) == NULL);
}
