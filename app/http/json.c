/* From a JSON object to the fields of a form. */
#include "http/json.h"

#include <jansson.h>
#include <string.h>

static enum err
add(struct form_builder *b, const char *name, struct str value)
{
	struct str name_copy;
	char *copy;

	TRY(arena_copy(b->arena, str_from(name), &name_copy));
	/* The builder may change the value in its place. */
	copy = arena_alloc(b->arena, value.len);
	if (copy == NULL)
		return ERR_MEMORY;
	if (value.len > 0)
		memcpy(copy, value.at, value.len);
	return form_builder_add(b, name_copy, copy, value.len);
}

static enum err
add_text(struct form_builder *b, const char *name, const json_t *text)
{
	struct str value = {json_string_value(text), json_string_length(text)};

	return add(b, name, value);
}

static enum err
add_array(struct form_builder *b, const char *name, const json_t *array)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *item = json_array_get(array, i);

		if (!json_is_string(item))
			return ERR_INPUT;
		TRY(add_text(b, name, item));
	}
	return OK;
}

static enum err
add_number(struct form_builder *b, const char *name, const json_t *number)
{
	struct str text;

	TRY(arena_printf(
	    b->arena, &text, "%lld", (long long)json_integer_value(number)));
	return add(b, name, text);
}

static enum err
add_member(struct form_builder *b, const char *name, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return add_text(b, name, value);
	case JSON_INTEGER:
		return add_number(b, name, value);
	case JSON_TRUE:
		return add(b, name, STR("true"));
	case JSON_FALSE:
		return add(b, name, STR("false"));
	case JSON_NULL:
		return OK;
	case JSON_ARRAY:
		return add_array(b, name, value);
	case JSON_OBJECT:
	case JSON_REAL:
		break;
	}
	return ERR_INPUT;
}

/* What a member of that kind has to be, as a sentence; absent where it is. */
static struct str
complaint_of(enum shape_kind kind, const json_t *value)
{
	if (json_is_null(value))
		return (struct str){0};
	switch (kind) {
	case SHAPE_BOOL:
		return json_is_boolean(value) ? (struct str){0}
		                              : STR("Send true or false.");
	case SHAPE_INT:
		return json_is_integer(value)
		           ? (struct str){0}
		           : STR("Send a number without a fraction.");
	case SHAPE_LIST:
		if (!json_is_array(value))
			return STR("Send an array of texts.");
		for (size_t i = 0; i < json_array_size(value); i++)
			if (!json_is_string(json_array_get(value, i)))
				return STR("Send an array of texts.");
		return (struct str){0};
	case SHAPE_STR:
	case SHAPE_HTML:
	case SHAPE_URL:
	case SHAPE_WHEN:
	case SHAPE_STRUCT:
		break;
	}
	return json_is_string(value) ? (struct str){0}
	                             : STR("Send a text, in quotes.");
}

/* One member, where it is among those of the shape. */
static enum err
take_member(struct form_builder *b, const char *name, const json_t *value,
    const struct shape *shape, struct json_fault *fault)
{
	const struct shape_member *m;
	struct json_fault why = {0};

	if (shape == NULL)
		return add_member(b, name, value);
	m = shape_find(shape, str_from(name));
	if (m == NULL)
		return OK;
	why.detail = complaint_of(m->kind, value);
	if (why.detail.len == 0)
		return add_member(b, name, value);
	why.member = str_from(m->name);
	*fault = why;
	return ERR_INPUT;
}

static enum err
refuse_text(struct arena *a, const json_error_t *error, struct json_fault *out)
{
	struct json_fault why = {0};

	if (json_error_code(error) == json_error_out_of_memory)
		return ERR_MEMORY;
	if (out == NULL)
		return ERR_INPUT;
	TRY(arena_printf(a, &why.detail,
	    "The body is no JSON object: look at line %d, column %d.",
	    error->line, error->column));
	*out = why;
	return ERR_INPUT;
}

enum err
json_parse_as(struct arena *a, struct str text,
    const struct form_limits *limits, const struct shape *shape,
    struct form *out, struct json_fault *fault)
{
	struct form_builder b = form_builder_start(a, limits);
	json_error_t error;
	json_t *root, *value;
	const char *name;
	enum err e = OK;

	if (text.len > b.limits.text_bytes)
		return ERR_TOO_BIG;
	root = json_loadb(text.len > 0 ? text.at : "", text.len,
	    JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		return refuse_text(a, &error, fault);
	if (!json_is_object(root)) {
		e = ERR_INPUT;
		if (fault != NULL)
			*fault = (struct json_fault){
			    .detail = STR("The body has to be a JSON object.")};
	}
	json_object_foreach(root, name, value) if (e == OK) e =
	    take_member(&b, name, value, shape, fault);
	json_decref(root);
	if (e == OK)
		*out = (struct form){.fields = {b.fields, b.count}};
	return e;
}

enum err
json_parse(struct arena *a, struct str text, const struct form_limits *limits,
    struct form *out)
{
	return json_parse_as(a, text, limits, NULL, out, NULL);
}

static enum err
read_text(struct arena *a, const struct request *r,
    const struct form_limits *limits, struct str *out)
{
	if (r->fault != OK)
		return r->fault;
	return body_read_all(
	    r->body, a, form_builder_start(a, limits).limits.text_bytes, out);
}

enum err
json_read(struct arena *a, const struct request *r,
    const struct form_limits *limits, struct form *out)
{
	struct str text;

	TRY(read_text(a, r, limits, &text));
	return json_parse(a, text, limits, out);
}

enum err
json_or_form_read(struct arena *a, const struct request *r,
    const struct form_limits *limits, const struct shape *shape,
    struct form *out, struct json_fault *fault)
{
	struct str rest = r->content_type;
	struct str type = str_trim(str_cut(&rest, ';')), text;

	if (!str_equal_nocase(type, STR("application/json")))
		return form_read(a, r, limits, out);
	TRY(read_text(a, r, limits, &text));
	return json_parse_as(a, text, limits, shape, out, fault);
}
