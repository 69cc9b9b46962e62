/* Forms and query strings: parse, fill, and hold what the header promises. */
#include "http/form.h"

#include <stdlib.h>

struct entry {
	struct str a;
	int64_t b;
	bool c;
	struct list d;
};
#define T struct entry
SHAPE(shape_entry, T, SHAPE_FIELD(T, a), SHAPE_FIELD(T, b), SHAPE_FIELD(T, c),
    SHAPE_LIST_OF(T, d, NULL));
#undef T

extern const struct shape shape_entry;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
	struct form form;
	struct entry entry;

	if (form_parse(
		a, (struct str){(const char *)data, size}, NULL, &form) == OK) {
		const struct form_field *fields = form.fields.items;

		must(form.fields.count <= FORM_FIELDS);
		for (size_t i = 0; i < form.fields.count; i++) {
			must(str_is_text(fields[i].name));
			must(str_is_text(fields[i].value));
			must(str_find(fields[i].value, '\r') ==
			     fields[i].value.len);
		}
		if (form_fill(a, &form, &shape_entry, &entry) == OK)
			must(entry.d.count <= FORM_LIST_ITEMS);
	}
	arena_free(a);
	return 0;
}
