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

enum err
json_parse(struct arena *a, struct str text, const struct form_limits *limits,
    struct form *out)
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
		return json_error_code(&error) == json_error_out_of_memory
		           ? ERR_MEMORY
		           : ERR_INPUT;
	if (!json_is_object(root))
		e = ERR_INPUT;
	json_object_foreach(root, name, value) if (e == OK) e =
	    add_member(&b, name, value);
	json_decref(root);
	if (e == OK)
		*out = (struct form){.fields = {b.fields, b.count}};
	return e;
}

enum err
json_read(struct arena *a, const struct request *r,
    const struct form_limits *limits, struct form *out)
{
	size_t most = form_builder_start(a, limits).limits.text_bytes;
	struct str text;

	if (r->fault != OK)
		return r->fault;
	TRY(body_read_all(r->body, a, most, &text));
	return json_parse(a, text, limits, out);
}

enum err
json_or_form_read(struct arena *a, const struct request *r,
    const struct form_limits *limits, struct form *out)
{
	struct str rest = r->content_type;
	struct str type = str_trim(str_cut(&rest, ';'));

	if (r->fault != OK)
		return r->fault;
	if (!str_equal_nocase(type, STR("application/json")))
		return form_read(a, r, limits, out);
	return json_read(a, r, limits, out);
}
