/* See kit.h. */
#include "kit.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct arena *kit_arena;

static int log_fd = -1;

void
kit_start(void)
{
	kit_arena = arena_make(16 * 1024 * 1024);
	cr_assert(kit_arena != NULL);
}

void
kit_end(void)
{
	arena_free(kit_arena);
	kit_arena = NULL;
}

struct str
kit_exact(struct str s)
{
	char *at;

	if (s.len == 0)
		return (struct str){0};
	at = malloc(s.len);
	cr_assert(at != NULL);
	memcpy(at, s.at, s.len);
	ASSERT_OK(arena_on_reset(kit_arena, free, at));
	return (struct str){at, s.len};
}

struct str
kit_text(const char *format, ...)
{
	char text[4096];
	struct str out;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	cr_assert(length >= 0 && (size_t)length < sizeof(text));
	/* With the NUL, so that it may stand where C wants one. */
	ASSERT_OK(arena_copy(
	    kit_arena, (struct str){text, (size_t)length + 1}, &out));
	out.len--;
	return out;
}

static void
remove_file(void *path)
{
	(void)unlink(path);
	free(path);
}

const char *
kit_file(struct str bytes)
{
	char *path = strdup("/tmp/pixlpix-file.XXXXXX");
	int fd;

	cr_assert(path != NULL);
	fd = mkstemp(path);
	cr_assert(fd >= 0);
	cr_assert(bytes.len == 0 ||
		  write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len);
	(void)close(fd);
	ASSERT_OK(arena_on_reset(kit_arena, remove_file, path));
	return path;
}

void
kit_log_capture(void)
{
	log_fd = memfd_create("log", MFD_CLOEXEC);
	cr_assert(log_fd >= 0);
	log_set_fd(log_fd);
}

struct str
kit_log(void)
{
	struct stat st;
	char *at;

	cr_assert(fstat(log_fd, &st) == 0);
	at = arena_alloc(kit_arena, (size_t)st.st_size + 1);
	cr_assert(at != NULL);
	cr_assert(pread(log_fd, at, (size_t)st.st_size, 0) == st.st_size);
	return (struct str){at, (size_t)st.st_size};
}

bool
kit_has(struct str whole, const char *part)
{
	return kit_count(whole, part) > 0;
}

size_t
kit_count(struct str whole, const char *part)
{
	size_t length = strlen(part), count = 0;

	for (size_t i = 0; length > 0 && i + length <= whole.len; i++)
		count += memcmp(whole.at + i, part, length) == 0;
	return count;
}
