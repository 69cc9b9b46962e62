/* Answers of an S3 server: a page of a list holds well-formed keys alone, and
 * nothing is read past the end. */
#include "store/s3_xml.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_so)
{
	if (!is_so)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *a;
	struct str xml = {(const char *)data, size};
	struct s3_xml_page page;
	struct str code;

	if (a == NULL)
		a = arena_make(1024 * 1024);
	if (s3_xml_list(a, xml, &page) == OK) {
		const struct object_entry *entry = page.entries.items;

		for (size_t i = 0; i < page.entries.count; i++) {
			must(object_is_key(entry[i].key));
			must(entry[i].size_bytes >= 0);
		}
		must(!page.is_more || page.token.len > 0);
		must(s3_xml_is(xml, "ListBucketResult"));
	}
	if (s3_xml_error(a, xml, &code) == OK && code.len > 0)
		must(s3_xml_is(xml, "Error"));
	arena_reset(a);
	return 0;
}
