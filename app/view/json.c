/* Writing JSON, member by member. */
#include "view/json.h"
#include "base/clock.h"

static void
put_when(struct buf *b, struct when t)
{
	if (t.us == 0) {
		buf_put(b, STR("null"));
		return;
	}
	buf_put_char(b, '"');
	clock_put_rfc3339(b, t);
	buf_put_char(b, '"');
}

static void
put_member(struct buf *b, const struct shape_member *m, const char *at)
{
	const void *value = at + m->offset;

	switch (m->kind) {
	case SHAPE_BOOL:
		buf_put(b, *(const bool *)value ? STR("true") : STR("false"));
		return;
	case SHAPE_INT:
		buf_put_int(b, *(const int64_t *)value);
		return;
	case SHAPE_STR:
		buf_put_json(b, *(const struct str *)value);
		return;
	case SHAPE_HTML:
		buf_put_json(b, ((const struct html *)value)->text);
		return;
	case SHAPE_URL:
		if (((const struct url *)value)->text.len == 0)
			buf_put(b, STR("null"));
		else
			buf_put_json(b, ((const struct url *)value)->text);
		return;
	case SHAPE_WHEN:
		put_when(b, *(const struct when *)value);
		return;
	case SHAPE_STRUCT:
		json_put(b, m->of, value);
		return;
	case SHAPE_LIST:
		json_put_list(b, m->of, *(const struct list *)value);
		return;
	}
}

void
json_put(struct buf *b, const struct shape *shape, const void *at)
{
	buf_put_char(b, '{');
	for (size_t i = 0; i < shape->count; i++) {
		if (i > 0)
			buf_put_char(b, ',');
		buf_put_json(b, str_from(shape->members[i].name));
		buf_put_char(b, ':');
		put_member(b, &shape->members[i], at);
	}
	buf_put_char(b, '}');
}

void
json_put_list(struct buf *b, const struct shape *shape, struct list list)
{
	const char *at = list.items;

	buf_put_char(b, '[');
	for (size_t i = 0; i < list.count; i++) {
		if (i > 0)
			buf_put_char(b, ',');
		if (shape == NULL)
			buf_put_json(b, ((const struct str *)list.items)[i]);
		else
			json_put(b, shape, at + i * shape->size);
	}
	buf_put_char(b, ']');
}
