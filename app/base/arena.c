/* A chain of blocks that are given back together. */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK_BYTES = 64 * 1024,
	ALIGNMENT = alignof(max_align_t)
};

struct block {
	struct block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char bytes[];
};

struct cleanup {
	struct cleanup *next;
	void (*fn)(void *);
	void *what;
};

struct arena {
	struct block *blocks; /* the newest, the one in use, first */
	struct cleanup *cleanups;
	size_t cap_bytes;
	size_t used_bytes;
};

struct arena *
arena_make(size_t cap_bytes)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a != NULL)
		a->cap_bytes = cap_bytes;
	return a;
}

static void
run_cleanups(struct arena *a)
{
	while (a->cleanups != NULL) {
		struct cleanup *c = a->cleanups;

		a->cleanups = c->next;
		c->fn(c->what);
	}
}

/* Frees every block but the oldest, which is of the ordinary size. */
static void
free_blocks(struct arena *a, bool keeps_one)
{
	while (a->blocks != NULL) {
		struct block *b = a->blocks;

		if (keeps_one && b->next == NULL && b->size == BLOCK_BYTES) {
			b->used = 0;
			return;
		}
		a->blocks = b->next;
		free(b);
	}
}

void
arena_reset(struct arena *a)
{
	run_cleanups(a);
	free_blocks(a, true);
	a->used_bytes = 0;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	run_cleanups(a);
	free_blocks(a, false);
	free(a);
}

static struct block *
add_block(struct arena *a, size_t size)
{
	size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;
	struct block *b;

	if (__builtin_add_overflow(room, sizeof(*b), &room))
		return NULL;
	b = malloc(room);
	if (b == NULL)
		return NULL;
	b->size = room - sizeof(*b);
	b->used = 0;
	b->next = a->blocks;
	a->blocks = b;
	return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->blocks;
	size_t padded, total;
	void *at;

	if (__builtin_add_overflow(size, ALIGNMENT - 1, &padded))
		return NULL;
	padded &= ~(size_t)(ALIGNMENT - 1);
	if (__builtin_add_overflow(a->used_bytes, padded, &total) ||
	    total > a->cap_bytes)
		return NULL;
	if (b == NULL || b->size - b->used < padded)
		b = add_block(a, padded);
	if (b == NULL)
		return NULL;
	at = b->bytes + b->used;
	b->used += padded;
	a->used_bytes = total;
	memset(at, 0, size);
	return at;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	return arena_alloc(a, total);
}

enum err
arena_copy(struct arena *a, struct str s, struct str *out)
{
	char *at = arena_alloc(a, s.len);

	if (at == NULL)
		return ERR_MEMORY;
	if (s.len > 0)
		memcpy(at, s.at, s.len);
	*out = (struct str){at, s.len};
	return OK;
}

enum err
arena_z(struct arena *a, struct str s, const char **out)
{
	char *at;

	if (s.len > 0 && memchr(s.at, '\0', s.len) != NULL)
		return ERR_INPUT;
	at = arena_alloc(a, s.len + 1);
	if (at == NULL)
		return ERR_MEMORY;
	if (s.len > 0)
		memcpy(at, s.at, s.len);
	*out = at;
	return OK;
}

enum err
arena_printf(struct arena *a, struct str *out, const char *format, ...)
{
	va_list args, again;
	char *at;
	int length;

	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	at = length >= 0 ? arena_alloc(a, (size_t)length + 1) : NULL;
	if (at != NULL)
		(void)vsnprintf(at, (size_t)length + 1, format, again);
	va_end(again);
	if (at == NULL)
		return ERR_MEMORY;
	*out = (struct str){at, (size_t)length};
	return OK;
}

enum err
arena_on_reset(struct arena *a, void (*fn)(void *), void *what)
{
	struct cleanup *c = ARENA_NEW(a, struct cleanup);

	assert(fn != NULL);
	if (c == NULL) {
		fn(what);
		return ERR_MEMORY;
	}
	c->fn = fn;
	c->what = what;
	c->next = a->cleanups;
	a->cleanups = c;
	return OK;
}

size_t
arena_used(const struct arena *a)
{
	return a->used_bytes;
}
