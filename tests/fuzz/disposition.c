/* Headers of a part of a form, and the names of files in them. */
#include "http/disposition.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_true)
{
	if (!is_true)
		abort();
}

static void
check_file_name(struct str s)
{
	struct str name = file_name_clean(s);

	must(name.len <= 255 && str_is_text(name));
	for (size_t i = 0; i < name.len; i++)
		must(strchr("/\\\r\n\t", name.at[i]) == NULL);
	must(str_equal(file_name_clean(name), name));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_make(1 << 20);
	struct str s = {(const char *)data, size}, rest = s, name, value;
	struct part part;
	size_t left = size + 1;

	/* Each one takes something away. */
	while (param_next(a, &rest, &name, &value) == OK && name.at != NULL) {
		must(rest.len < left && name.len > 0);
		left = rest.len;
	}
	if (part_parse(a, s, &part) == OK) {
		must(part.name.at != NULL);
		must(part.is_file || part.file_name.len == 0);
		check_file_name(part.file_name);
	}
	check_file_name(s);
	arena_free(a);
	return 0;
}
