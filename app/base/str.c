/* Views of bytes: comparing, cutting, counting, reading numbers. */
#include "base/str.h"

#include <string.h>

struct str
str_from(const char *z)
{
	if (z == NULL)
		return (struct str){0};
	return (struct str){z, strlen(z)};
}

bool
str_equal(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
str_equal_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

bool
str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	       str_equal((struct str){s.at, prefix.len}, prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	       str_equal(str_slice(s, s.len - suffix.len, suffix.len), suffix);
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_trim(struct str s)
{
	while (s.len > 0 && is_space(s.at[s.len - 1]))
		s.len--;
	while (s.len > 0 && is_space(s.at[0])) {
		s.at++;
		s.len--;
	}
	return s;
}

size_t
str_find(struct str s, char c)
{
	const char *hit = s.len > 0 ? memchr(s.at, c, s.len) : NULL;

	return hit != NULL ? (size_t)(hit - s.at) : s.len;
}

size_t
str_count(struct str s, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += s.at[i] == c;
	return count;
}

struct str
str_cut(struct str *rest, char c)
{
	size_t at = str_find(*rest, c);
	struct str part = str_slice(*rest, 0, at);

	*rest = str_slice(*rest, at + 1, rest->len);
	return part;
}

/* The length of the well-formed sequence at `at`, or 0 (Unicode standard,
 * table 3-7). */
static size_t
sequence_length(const unsigned char *at, size_t left)
{
	unsigned char lead = at[0];
	unsigned char low = 0x80, high = 0xbf;
	size_t length;

	if (lead < 0x80)
		return lead != 0 ? 1 : 0;
	if (lead >= 0xc2 && lead <= 0xdf)
		length = 2;
	else if (lead >= 0xe0 && lead <= 0xef)
		length = 3;
	else if (lead >= 0xf0 && lead <= 0xf4)
		length = 4;
	else
		return 0;
	if (lead == 0xe0)
		low = 0xa0;
	else if (lead == 0xed)
		high = 0x9f;
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f;
	if (left < length || at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

bool
str_is_text(struct str s)
{
	size_t i = 0;

	while (i < s.len) {
		size_t length =
		    sequence_length((const unsigned char *)s.at + i, s.len - i);

		if (length == 0)
			return false;
		i += length;
	}
	return true;
}

size_t
str_count_chars(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += ((unsigned char)s.at[i] & 0xc0) != 0x80;
	return count;
}

enum err
str_parse_int(struct str s, int64_t min, int64_t max, int64_t *out)
{
	bool is_negative = s.len > 0 && s.at[0] == '-';
	int64_t n = 0;

	if (is_negative)
		s = str_slice(s, 1, s.len);
	if (s.len == 0)
		return ERR_INPUT;
	for (size_t i = 0; i < s.len; i++) {
		int64_t digit = s.at[i] - '0';

		if (digit < 0 || digit > 9)
			return ERR_INPUT;
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, is_negative ? -digit : digit, &n))
			return ERR_INPUT;
	}
	if (n < min || n > max)
		return ERR_INPUT;
	*out = n;
	return OK;
}
