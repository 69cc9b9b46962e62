/* Multipart bodies.  The first byte is the size of the chunks in which the
 * rest arrives, with the boundary B; then all of it in one, which must give the
 * same. */
#include "http/multipart.h"
#include "base/log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_true)
{
	if (!is_true)
		abort();
}

static enum err
parse(struct arena *a, struct str bytes, size_t chunk_bytes, struct form *out)
{
	struct form_limits limits = {.text_bytes = 2000,
	    .fields = 8,
	    .files = 2,
	    .file_bytes = 40,
	    .spool = "/tmp"};
	struct body_memory memory = {bytes, chunk_bytes};
	struct body body = body_from_memory(&memory);

	return multipart_read(a, &body, STR("B"), &limits, out);
}

static void
check_upload(const struct upload *u)
{
	char bytes[64];

	must(u->file_name.len <= 255 && str_is_text(u->file_name));
	must(str_find(u->file_name, '/') == u->file_name.len);
	must(u->size_bytes >= 0 && (u->size_bytes > 40) == u->is_too_big);
	if (u->fd >= 0)
		must(read(u->fd, bytes, sizeof(bytes)) == u->size_bytes);
	else
		must(u->is_too_big || u->size_bytes == 0);
}

static void
check_same(const struct form *one, const struct form *two)
{
	const struct form_field *f = one->fields.items, *g = two->fields.items;
	const struct upload *u = one->uploads.items, *v = two->uploads.items;

	must(one->fields.count == two->fields.count);
	for (size_t i = 0; i < one->fields.count; i++)
		must(str_equal(f[i].name, g[i].name) &&
		     str_equal(f[i].value, g[i].value));
	must(one->uploads.count == two->uploads.count);
	for (size_t i = 0; i < one->uploads.count; i++) {
		check_upload(&u[i]);
		check_upload(&v[i]);
		must(u[i].size_bytes == v[i].size_bytes);
		must(str_equal(u[i].file_name, v[i].file_name));
	}
	must(one->dropped_files == two->dropped_files);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_make(1 << 20);
	struct str bytes = {(const char *)data, size}, boundary;
	struct form one, two;
	enum err e;

	log_set_level(LOG_ERROR);
	(void)multipart_boundary(a, bytes, &boundary);
	if (size > 0) {
		bytes = str_slice(bytes, 1, size);
		e = parse(a, bytes, data[0], &one);
		must(parse(a, bytes, 0, &two) == e);
		if (e == OK)
			check_same(&one, &two);
	}
	arena_free(a);
	return 0;
}
