/* Forms: reading, decoding, filling structs by their shape. */
#include "http/form.h"

#include "http/multipart.h"
#include "http/url.h"

#include <assert.h>
#include <string.h>

enum {
	FIRST_ROOM = 16
};

struct form_builder
form_builder_start(struct arena *a, const struct form_limits *limits)
{
	struct form_builder b = {.arena = a};

	if (limits != NULL)
		b.limits = *limits;
	if (b.limits.text_bytes == 0)
		b.limits.text_bytes = FORM_TEXT_BYTES;
	if (b.limits.fields == 0)
		b.limits.fields = FORM_FIELDS;
	return b;
}

/* CR LF and CR alone become LF, in place. */
static size_t
normalise_lines(char *at, size_t len)
{
	size_t used;
	const char *first = len > 0 ? memchr(at, '\r', len) : NULL;

	if (first == NULL)
		return len;
	used = (size_t)(first - at);
	for (size_t i = used; i < len; i++) {
		if (at[i] == '\r' && i + 1 < len && at[i + 1] == '\n')
			continue;
		at[used++] = at[i] == '\r' ? '\n' : at[i];
	}
	return used;
}

/* Room for one more field. */
static enum err
reserve(struct form_builder *b)
{
	struct form_field *fields;
	size_t room = b->room > 0 ? b->room * 2 : FIRST_ROOM;

	if (b->count == b->limits.fields)
		return ERR_TOO_BIG;
	if (b->count < b->room)
		return OK;
	fields = arena_array(b->arena, room, sizeof(*fields));
	if (fields == NULL)
		return ERR_MEMORY;
	if (b->count > 0)
		memcpy(fields, b->fields, b->count * sizeof(*fields));
	b->fields = fields;
	b->room = room;
	return OK;
}

enum err
form_builder_add(
    struct form_builder *b, struct str name, char *value, size_t len)
{
	size_t total;

	if (__builtin_add_overflow(name.len, len, &total) ||
	    __builtin_add_overflow(total, b->text_bytes, &total) ||
	    total > b->limits.text_bytes)
		return ERR_TOO_BIG;
	if (!str_is_text(name) || !str_is_text((struct str){value, len}))
		return ERR_INPUT;
	TRY(reserve(b));
	if (!b->limits.keeps_lines)
		len = normalise_lines(value, len);
	b->text_bytes = total;
	b->fields[b->count++] =
	    (struct form_field){name, (struct str){value, len}};
	return OK;
}

/* Decodes `s` at *at, which moves on. */
static enum err
decode(struct str s, char **at, struct str *out)
{
	size_t len = 0;

	TRY(url_decode_into(s, true, *at, &len));
	*out = (struct str){*at, len};
	*at += len;
	return OK;
}

enum err
form_parse(struct arena *a, struct str text, const struct form_limits *limits,
    struct form *out)
{
	struct form_builder b = form_builder_start(a, limits);
	char *at;

	if (text.len > b.limits.text_bytes)
		return ERR_TOO_BIG;
	at = arena_alloc(a, text.len); /* decoding makes nothing longer */
	if (at == NULL)
		return ERR_MEMORY;
	while (text.len > 0) {
		struct str value = str_cut(&text, '&'), name = {0}, decoded;
		char *value_at;

		if (value.len == 0)
			continue;
		TRY(decode(str_cut(&value, '='), &at, &name));
		value_at = at;
		TRY(decode(value, &at, &decoded));
		TRY(form_builder_add(&b, name, value_at, decoded.len));
	}
	*out = (struct form){.fields = {b.fields, b.count}};
	return OK;
}

static struct str
media_type(struct str content_type)
{
	return str_trim(str_cut(&content_type, ';'));
}

/* The most bytes that a multipart body may have. */
static int64_t
body_limit(const struct form_limits *limits)
{
	int64_t total;

	if (limits->body_bytes > 0)
		return limits->body_bytes;
	if (__builtin_mul_overflow(
		(int64_t)limits->files, limits->file_bytes, &total) ||
	    __builtin_add_overflow(
		total, 2 * (int64_t)limits->text_bytes, &total))
		return INT64_MAX;
	return total;
}

static enum err
read_multipart(struct arena *a, const struct request *r,
    const struct form_limits *limits, struct form *out)
{
	struct str boundary;

	if (r->body->left_bytes > body_limit(limits))
		return ERR_TOO_BIG;
	TRY(multipart_boundary(a, r->content_type, &boundary));
	return multipart_read(a, r->body, boundary, limits, out);
}

enum err
form_read(struct arena *a, const struct request *r,
    const struct form_limits *limits, struct form *out)
{
	struct form_limits full = form_builder_start(a, limits).limits;
	struct str type = media_type(r->content_type);
	struct str text;

	if (r->fault != OK)
		return r->fault;
	if (str_equal_nocase(type, STR("multipart/form-data")))
		return read_multipart(a, r, &full, out);
	if (!str_equal_nocase(type, STR("application/x-www-form-urlencoded")) &&
	    !(type.len == 0 && r->content_length == 0))
		return ERR_MEDIA_TYPE;
	TRY(body_read_all(r->body, a, full.text_bytes, &text));
	return form_parse(a, text, &full, out);
}

struct str
form_value(const struct form *form, struct str name)
{
	const struct form_field *fields = form->fields.items;

	for (size_t i = 0; i < form->fields.count; i++)
		if (str_equal(fields[i].name, name))
			return fields[i].value;
	return (struct str){0};
}

static enum err
parse_bool(struct str s, bool *out)
{
	static const struct {
		struct str word;
		bool value;
	} words[] = {
	    {STR("on"), true},
	    {STR("1"), true},
	    {STR("true"), true},
	    {STR("yes"), true},
	    {STR(""), false},
	    {STR("off"), false},
	    {STR("0"), false},
	    {STR("false"), false},
	    {STR("no"), false},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_equal(s, words[i].word)) {
			*out = words[i].value;
			return OK;
		}
	return ERR_INPUT;
}

static enum err
fill_list(
    struct arena *a, const struct form *form, struct str name, struct list *out)
{
	const struct form_field *fields = form->fields.items;
	struct str *items;
	size_t count = 0;

	for (size_t i = 0; i < form->fields.count; i++)
		count += str_equal(fields[i].name, name);
	if (count > FORM_LIST_ITEMS)
		return ERR_INPUT;
	items = arena_array(a, count, sizeof(*items));
	if (items == NULL)
		return ERR_MEMORY;
	*out = (struct list){items, count};
	for (size_t i = 0; i < form->fields.count; i++)
		if (str_equal(fields[i].name, name))
			*items++ = fields[i].value;
	return OK;
}

static enum err
fill_member(struct arena *a, const struct form *form,
    const struct shape_member *m, void *at)
{
	struct str name = str_from(m->name);
	struct str value = form_value(form, name);

	switch (m->kind) {
	case SHAPE_STR:
		*(struct str *)at = value;
		return OK;
	case SHAPE_INT:
		if (value.len == 0)
			return OK;
		return str_parse_int(value, INT64_MIN, INT64_MAX, at);
	case SHAPE_BOOL:
		return parse_bool(value, at);
	case SHAPE_LIST:
		assert(m->of == NULL);
		return fill_list(a, form, name, at);
	case SHAPE_HTML:
	case SHAPE_URL:
	case SHAPE_WHEN:
	case SHAPE_STRUCT:
		break;
	}
	assert(!"a form has no such kind of field");
	return ERR_INTERNAL;
}

enum err
form_fill(struct arena *a, const struct form *form, const struct shape *shape,
    void *out)
{
	char *filled = arena_alloc(a, shape->size);

	if (filled == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < shape->count; i++)
		TRY(fill_member(a, form, &shape->members[i],
		    filled + shape->members[i].offset));
	memcpy(out, filled, shape->size);
	return OK;
}

const struct shape_member *
form_misfit(struct arena *a, const struct form *form, const struct shape *shape)
{
	char *filled = arena_alloc(a, shape->size);

	for (size_t i = 0; filled != NULL && i < shape->count; i++)
		if (fill_member(a, form, &shape->members[i],
			filled + shape->members[i].offset) == ERR_INPUT)
			return &shape->members[i];
	return NULL;
}

enum err
form_fill_query(struct arena *a, const struct request *r,
    const struct shape *shape, void *out)
{
	struct form form;

	TRY(form_parse(a, r->query, NULL, &form));
	return form_fill(a, &form, shape, out);
}
