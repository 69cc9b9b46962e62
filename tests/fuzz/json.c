/* JSON bodies: parse, and hold what the header promises. */
#include "http/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sent {
	struct str a;
	bool b;
	struct list c;
	int64_t d;
};

#define T struct sent
SHAPE_LOCAL(shape_sent, T, SHAPE_FIELD(T, a), SHAPE_FIELD(T, b),
    SHAPE_LIST_OF(T, c, NULL), SHAPE_FIELD(T, d));
#undef T

static void
must(bool is_true)
{
	if (!is_true)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_make(1 << 20);
	struct str text = {(const char *)data, size};
	struct json_fault why = {0};
	struct form form;
	enum err e = json_parse_as(a, text, NULL, &shape_sent, &form, &why);

	must(why.detail.len == 0 || e == ERR_INPUT);
	must(str_is_text(why.detail) && str_is_text(why.member));
	if (json_parse(a, text, NULL, &form) == OK) {
		const struct form_field *fields = form.fields.items;

		must(form.fields.count <= FORM_FIELDS);
		for (size_t i = 0; i < form.fields.count; i++) {
			must(str_is_text(fields[i].name));
			must(str_is_text(fields[i].value));
		}
	}
	arena_free(a);
	return 0;
}
