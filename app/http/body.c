/* Reading a body with its Content-Length held to. */
#include "http/body.h"

#include <assert.h>
#include <string.h>

enum err
body_read(struct body *body, void *at, size_t size, size_t *len)
{
	size_t got = 0;

	assert(size > 0);
	if (body->left_bytes <= 0) {
		*len = 0;
		return OK;
	}
	if ((uint64_t)body->left_bytes < size)
		size = (size_t)body->left_bytes;
	TRY(body->read(body->source, at, size, &got));
	if (got == 0)
		return ERR_INPUT;
	assert(got <= size);
	body->left_bytes -= (int64_t)got;
	*len = got;
	return OK;
}

enum err
body_read_all(
    struct body *body, struct arena *a, size_t max_bytes, struct str *out)
{
	size_t size, used = 0;
	char *at;

	if (body->left_bytes > 0 && (uint64_t)body->left_bytes > max_bytes)
		return ERR_TOO_BIG;
	size = body->left_bytes > 0 ? (size_t)body->left_bytes : 0;
	at = arena_alloc(a, size);
	if (at == NULL)
		return ERR_MEMORY;
	while (used < size) {
		size_t got = 0;

		TRY(body_read(body, at + used, size - used, &got));
		used += got;
	}
	*out = (struct str){at, size};
	return OK;
}

static enum err
read_memory(void *source, void *at, size_t size, size_t *len)
{
	struct body_memory *memory = source;
	struct str *bytes = &memory->bytes;

	if (memory->chunk_bytes > 0 && size > memory->chunk_bytes)
		size = memory->chunk_bytes;
	if (size > bytes->len)
		size = bytes->len;
	if (size > 0) {
		memcpy(at, bytes->at, size);
		bytes->at += size;
		bytes->len -= size;
	}
	*len = size;
	return OK;
}

struct body
body_from_memory(struct body_memory *memory)
{
	return (struct body){read_memory, memory, (int64_t)memory->bytes.len};
}
