/* Cookie headers: what is found may be sent back as it is. */
#include "http/cookie.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_make(1 << 20);
	struct str header = {(const char *)data, size}, out;

	for (int is_secure = 0; is_secure < 2; is_secure++) {
		struct str value = cookie_find(header, STR("s"), is_secure);

		if (value.at != NULL &&
		    cookie_make(a, STR("s"), value, 1, is_secure, &out) != OK)
			abort();
	}
	arena_free(a);
	return 0;
}
