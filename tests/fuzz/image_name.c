/* Names of images' objects, as addresses have them. */
#include "domain/image.h"
#include "store/object.h"

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
	struct str name = {(const char *)data, size}, key, end;
	int64_t webp;

	if (image_name_parse(name, &key, &end, &webp) != OK)
		return 0;
	/* The pieces are the whole, and never an original. */
	must(object_is_key(name));
	must(key.len == 26 && key.len + 1 + end.len == size);
	must(webp == (str_ends(end, STR(".webp")) ? webp & -webp : 0));
	must(str_ends(end, STR(".jpg")) || str_ends(end, STR(".webp")));
	return 0;
}
