/* Days and times as forms send them. */
#include "base/clock.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_minute(struct str s)
{
	struct when first, again;
	struct buf b = {0};

	if (clock_parse_minute(s, &first) != OK)
		return;
	/* What was understood comes back as the same. */
	clock_put_minute(&b, first);
	if (clock_parse_minute(buf_str(&b), &again) != OK ||
	    again.us / 60000000 != first.us / 60000000 || first.us < 0)
		abort();
	buf_free(&b);
}

static void
check_rfc3339(struct str s)
{
	struct when first, again;
	struct buf b = {0};

	if (clock_parse_rfc3339(s, &first) != OK)
		return;
	clock_put_rfc3339(&b, first);
	if (clock_parse_rfc3339(buf_str(&b), &again) != OK ||
	    again.us != first.us || first.us < 0)
		abort();
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = {(const char *)data, size};

	check_minute(s);
	check_rfc3339(s);
	return 0;
}
