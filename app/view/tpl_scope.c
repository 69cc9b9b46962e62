/* Looking names up by static scope, once, when a template is parsed. */
#include "view/tpl_scope.h"

#include <string.h>

enum {
	LONGEST_COMPARED = 40
};

static const struct {
	const char *name;
	enum shape_kind kind;
	enum tpl_part part;
} pseudo_members[] = {
    {"iso", SHAPE_WHEN, TPL_PART_ISO},
    {"date", SHAPE_WHEN, TPL_PART_DATE},
    {"day", SHAPE_WHEN, TPL_PART_DAY},
    {"ago", SHAPE_WHEN, TPL_PART_AGO},
    {"one", SHAPE_INT, TPL_PART_ONE},
};

const char *
tpl_kind_name(enum shape_kind kind)
{
	switch (kind) {
	case SHAPE_BOOL:
		return "bool";
	case SHAPE_INT:
		return "int";
	case SHAPE_STR:
		return "str";
	case SHAPE_HTML:
		return "html";
	case SHAPE_URL:
		return "url";
	case SHAPE_WHEN:
		return "when";
	case SHAPE_STRUCT:
		return "struct";
	case SHAPE_LIST:
		return "list";
	}
	return "thing";
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool
tpl_name_is_valid(struct str name)
{
	bool begins = true;

	if (str_equal(name, STR(".")))
		return true;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (c == '.' && !begins)
			begins = true;
		else if (is_letter(c) || (c >= '0' && c <= '9' && !begins))
			begins = false;
		else
			return false;
	}
	return !begins;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance. */
static size_t
distance(struct str a, struct str b)
{
	size_t row[LONGEST_COMPARED + 1];

	if (a.len > LONGEST_COMPARED || b.len > LONGEST_COMPARED)
		return LONGEST_COMPARED;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 0; i < a.len; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < b.len; j++) {
			size_t change = corner + (a.at[i] != b.at[j]);

			corner = row[j + 1];
			row[j + 1] =
			    least(change, least(row[j], row[j + 1]) + 1);
		}
	}
	return row[b.len];
}

struct guess {
	const char *name;
	size_t distance;
};

static void
guess_among(const struct shape *shape, struct str name, struct guess *best)
{
	for (size_t i = 0; i < shape->count; i++) {
		const char *other = shape->members[i].name;
		size_t d = distance(name, str_from(other));

		if (d < best->distance)
			*best = (struct guess){other, d};
	}
}

static void
put_guess(struct str name, const struct guess *best, struct buf *why)
{
	if (best->name != NULL && best->distance <= name.len / 3 + 1)
		buf_printf(why, "; did you mean \"%s\"?", best->name);
}

/* The first part of a name, from the innermost scope outwards. */
static bool
find_first(const struct tpl_scope *scope, struct str name,
    struct tpl_place *out, struct buf *why)
{
	const struct tpl_scope *s;
	struct guess best = {NULL, LONGEST_COMPARED};
	const char *where = NULL;

	for (s = scope; s != NULL; s = s->outer) {
		const struct shape_member *m;

		if (s->shape == NULL)
			continue;
		m = shape_find(s->shape, name);
		if (m != NULL) {
			*out =
			    (struct tpl_place){s->frame, s->offset + m->offset,
				m->kind, TPL_PART_WHOLE, m->of};
			return true;
		}
		if (where == NULL)
			where = s->shape->name;
		guess_among(s->shape, name, &best);
	}
	buf_printf(why, "there is no \"%.*s\" in %s or around it",
	    STR_ARG(name), where != NULL ? where : "this scope");
	put_guess(name, &best, why);
	return false;
}

static bool
find_pseudo(struct str name, struct tpl_place *place)
{
	if (place->kind == SHAPE_LIST && str_equal(name, STR("count"))) {
		place->kind = SHAPE_INT;
		place->offset += offsetof(struct list, count);
		place->of = NULL;
		return true;
	}
	for (size_t i = 0;
	     i < sizeof(pseudo_members) / sizeof(pseudo_members[0]); i++)
		if (pseudo_members[i].kind == place->kind &&
		    str_equal(name, str_from(pseudo_members[i].name))) {
			place->part = pseudo_members[i].part;
			if (place->part == TPL_PART_ONE)
				place->kind = SHAPE_BOOL;
			return true;
		}
	return false;
}

/* A further part of a name, inside `place`. */
static bool
find_inside(struct str name, struct tpl_place *place, struct buf *why)
{
	struct guess best = {NULL, LONGEST_COMPARED};
	const struct shape_member *m;

	if (place->part == TPL_PART_WHOLE && find_pseudo(name, place))
		return true;
	if (place->kind != SHAPE_STRUCT) {
		buf_printf(why, "a %s has no \"%.*s\"",
		    tpl_kind_name(place->kind), STR_ARG(name));
		return false;
	}
	m = shape_find(place->of, name);
	if (m == NULL) {
		buf_printf(why, "there is no \"%.*s\" in %s", STR_ARG(name),
		    place->of->name);
		guess_among(place->of, name, &best);
		put_guess(name, &best, why);
		return false;
	}
	place->offset += m->offset;
	place->kind = m->kind;
	place->of = m->of;
	return true;
}

static bool
find_dot(const struct tpl_scope *scope, struct tpl_place *out, struct buf *why)
{
	if (scope->shape != NULL) {
		buf_printf(why,
		    "\".\" is a struct here (%s): name one of its members",
		    scope->shape->name);
		return false;
	}
	*out = (struct tpl_place){
	    scope->frame, scope->offset, scope->kind, TPL_PART_WHOLE, NULL};
	return true;
}

bool
tpl_scope_find(const struct tpl_scope *scope, struct str name,
    struct tpl_place *out, struct buf *why)
{
	struct tpl_place place;

	if (str_equal(name, STR(".")))
		return find_dot(scope, out, why);
	if (!find_first(scope, str_cut(&name, '.'), &place, why))
		return false;
	while (name.len > 0)
		if (!find_inside(str_cut(&name, '.'), &place, why))
			return false;
	*out = place;
	return true;
}
