/* Heads of requests: parse, and hold what the header promises. */
#include "http/plain.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_true)
{
	if (!is_true)
		abort();
}

static bool
is_inside(struct str s, const uint8_t *data, size_t size)
{
	const uint8_t *at = (const uint8_t *)s.at;

	return at >= data && at + s.len <= data + size;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str head = {(const char *)data, size};
	struct plain p;

	if (plain_parse(head, &p) != OK)
		return 0;
	must(plain_is_whole(head));
	must(is_inside(p.path, data, size) && p.path.at[0] == '/');
	must(str_find(p.path, '\n') == p.path.len);
	must(p.authorization.at == NULL ||
	     (is_inside(p.authorization, data, size) &&
		 str_find(p.authorization, '\r') == p.authorization.len));
	return 0;
}
