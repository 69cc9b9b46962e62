/* JSON bodies: parse, and hold what the header promises. */
#include "http/json.h"

#include <stdlib.h>

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

	if (json_parse(
		a, (struct str){(const char *)data, size}, NULL, &form) == OK) {
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
