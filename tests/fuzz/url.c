/* Addresses: decoding, what is local, origins, and a whole request of it. */
#include "http/url.h"
#include "http/request.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_true)
{
	if (!is_true)
		abort();
}

/* The segments with slashes between are the path. */
static void
check_segments(struct arena *a, const struct request *r)
{
	const struct str *segment = r->segments.items;
	struct str all = STR("");

	for (size_t i = 0; i < r->segments.count; i++)
		if (arena_printf(a, &all, "%.*s/%.*s", STR_ARG(all),
			STR_ARG(segment[i])) != OK)
			return;
	must(str_equal(all, r->path));
}

static void
check_request(struct arena *a, const char *uri)
{
	const char *params[] = {"REQUEST_METHOD=GET", uri, NULL};
	struct body_memory memory = {0};
	struct body body = body_from_memory(&memory);
	struct request r;

	must(request_make(a, params, &body, &r) == OK);
	must(r.path.len > 0 && r.path.at[0] == '/' && str_is_text(r.path));
	must(memmem(r.path.at, r.path.len, "//", 2) == NULL);
	must(memmem(r.path.at, r.path.len, "/../", 4) == NULL);
	must(memmem(r.path.at, r.path.len, "/./", 3) == NULL);
	must(!str_ends(r.path, STR("/..")) && !str_ends(r.path, STR("/.")));
	if (r.fault == OK)
		check_segments(a, &r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_make(1 << 20);
	struct str s = {(const char *)data, size}, decoded, uri;
	struct url_origin origin;
	struct url made;

	if (url_decode(a, s, true, &decoded) == OK) {
		struct str again;

		/* what is encoded comes back */
		must(url_make(a, &made, "/{}", URL_STR(decoded)) == OK);
		must(url_decode(a, str_slice(made.text, 1, made.text.len),
			 false, &again) == OK);
		must(str_equal(again, decoded));
	}
	if (url_is_local(s))
		must(size > 0 && data[0] == '/' && !str_starts(s, STR("//")));
	if (url_origin(s, &origin) == OK)
		must(origin.port > 0 && origin.host.len > 0 &&
		     url_origin_equal(origin, origin));
	if (arena_printf(a, &uri, "REQUEST_URI=%.*s", STR_ARG(s)) == OK)
		check_request(a, uri.at);
	arena_free(a);
	return 0;
}
