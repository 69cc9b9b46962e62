/* A growing buffer, and the escapes that text needs on its way out. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_BYTES = 4096,
	KEEP_BYTES = 1024 * 1024
};

/* Room for `more` bytes and a NUL, or a failure that sticks. */
static bool
reserve(struct buf *b, size_t more)
{
	size_t need, cap;
	char *at;

	if (b->failure != OK)
		return false;
	if (__builtin_add_overflow(b->len, more, &need) ||
	    (b->max_bytes > 0 && need > b->max_bytes)) {
		b->failure = ERR_TOO_BIG;
		return false;
	}
	if (b->at != NULL && need < b->cap)
		return true;
	cap = b->cap > 0 ? b->cap : FIRST_BYTES;
	while (cap <= need)
		if (__builtin_mul_overflow(cap, 2, &cap)) {
			b->failure = ERR_MEMORY;
			return false;
		}
	at = realloc(b->at, cap);
	if (at == NULL) {
		b->failure = ERR_MEMORY;
		return false;
	}
	b->at = at;
	b->cap = cap;
	return true;
}

void
buf_put_growing(struct buf *b, struct str s)
{
	if (s.len == 0 || !reserve(b, s.len))
		return;
	memcpy(b->at + b->len, s.at, s.len);
	b->len += s.len;
}

void
buf_put_int(struct buf *b, int64_t n)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

	do
		digits[--at] = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (n < 0)
		digits[--at] = '-';
	buf_put(b, (struct str){digits + at, sizeof(digits) - at});
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	int length;

	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length > 0 && reserve(b, (size_t)length)) {
		(void)vsnprintf(
		    b->at + b->len, (size_t)length + 1, format, again);
		b->len += (size_t)length;
	}
	va_end(again);
}

static struct str
reference_for(char c)
{
	switch (c) {
	case '&':
		return STR("&amp;");
	case '<':
		return STR("&lt;");
	case '>':
		return STR("&gt;");
	case '"':
		return STR("&quot;");
	case '\'':
		return STR("&#39;");
	default:
		return (struct str){0};
	}
}

static const bool needs_reference[256] = {
    ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true};

void
buf_put_escaped(struct buf *b, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (!needs_reference[(unsigned char)s.at[i]])
			continue;
		buf_put(b, (struct str){s.at + from, i - from});
		buf_put(b, reference_for(s.at[i]));
		from = i + 1;
	}
	if (from < s.len)
		buf_put(b, (struct str){s.at + from, s.len - from});
}

static void
put_json_char(struct buf *b, unsigned char c)
{
	switch (c) {
	case '"':
		buf_put(b, STR("\\\""));
		return;
	case '\\':
		buf_put(b, STR("\\\\"));
		return;
	case '\n':
		buf_put(b, STR("\\n"));
		return;
	default:
		if (c < 0x20 || c == 0x7f)
			buf_printf(b, "\\u%04x", c);
		else
			buf_put_char(b, (char)c);
	}
}

/* The length of the well-formed character at the beginning, or 0. */
static size_t
char_length(struct str s)
{
	for (size_t length = 1; length <= 4 && length <= s.len; length++)
		if (str_is_text((struct str){s.at, length}))
			return length;
	return 0;
}

void
buf_put_json(struct buf *b, struct str s)
{
	size_t i = 0;

	buf_put_char(b, '"');
	while (i < s.len) {
		size_t length;

		if ((unsigned char)s.at[i] < 0x80) {
			put_json_char(b, (unsigned char)s.at[i++]);
			continue;
		}
		length = char_length(str_slice(s, i, s.len));
		if (length > 0)
			buf_put(b, str_slice(s, i, length));
		else
			buf_put(b, STR("\xef\xbf\xbd"));
		i += length > 0 ? length : 1;
	}
	buf_put_char(b, '"');
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

void
buf_put_percent(struct buf *b, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		char escape[3] = {'%', hex[c >> 4], hex[c & 15]};

		if (is_unreserved(s.at[i]))
			buf_put_char(b, s.at[i]);
		else
			buf_put(b, (struct str){escape, sizeof(escape)});
	}
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){b->at != NULL ? b->at : "", b->len};
}

enum err
buf_check(const struct buf *b)
{
	return b->failure;
}

void
buf_reset(struct buf *b)
{
	if (b->cap > KEEP_BYTES)
		buf_free(b);
	b->len = 0;
	b->failure = OK;
}

void
buf_free(struct buf *b)
{
	free(b->at);
	b->at = NULL;
	b->len = 0;
	b->cap = 0;
	b->failure = OK;
}

static void
put_mdoc_line(struct buf *b, struct str line)
{
	if (str_starts(line, STR(".")) || str_starts(line, STR("'")))
		buf_put(b, STR("\\&"));
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] == '\\')
			buf_put(b, STR("\\e"));
		else if (line.at[i] == '-')
			buf_put(b, STR("\\-"));
		else
			buf_put_char(b, line.at[i]);
	buf_put_char(b, '\n');
}

void
buf_put_mdoc(struct buf *b, struct str s)
{
	size_t begin = 0;

	/* A new sentence begins a new line. */
	for (size_t i = 0; i < s.len; i++) {
		bool is_end = s.at[i] == '\n';
		bool is_stop =
		    s.at[i] == ' ' && i > begin && s.at[i - 1] == '.';

		if (!is_end && !is_stop)
			continue;
		put_mdoc_line(b, str_slice(s, begin, i - begin));
		begin = i + 1;
	}
	if (begin < s.len)
		put_mdoc_line(b, str_slice(s, begin, s.len - begin));
}
