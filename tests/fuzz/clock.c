/* Days and times as forms send them. */
#include "base/clock.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = {(const char *)data, size};
	struct when first, again;
	struct buf b = {0};

	if (clock_parse_minute(s, &first) != OK)
		return 0;
	/* What was understood comes back as the same. */
	clock_put_minute(&b, first);
	if (clock_parse_minute(buf_str(&b), &again) != OK ||
	    again.us / 60000000 != first.us / 60000000 || first.us < 0)
		abort();
	buf_free(&b);
	return 0;
}
