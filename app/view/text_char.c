/* The classes are those of the C library's C.UTF-8, whatever the process's
 * locale is. */
#include "view/text_char.h"

#include <locale.h>
#include <wctype.h>

enum {
	MAX_MARKS = 8 /* combining marks in a row */
};

struct classes {
	locale_t locale;
	wctype_t combining;
};

static const struct classes *
classes(void)
{
	static struct classes c;

	if (c.locale == (locale_t)0) {
		c.locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
		if (c.locale == (locale_t)0)
			return NULL;
		c.combining = wctype_l("combining", c.locale);
	}
	return &c;
}

static bool
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

bool
char_is_name(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       is_digit(c) || c == '_';
}

static bool
is_mark(uint32_t c)
{
	return c >= 0x300 && classes() != NULL &&
	       iswctype_l((wint_t)c, classes()->combining, classes()->locale);
}

/* A letter, digit, mark or underscore of any script. */
bool
char_is_word(uint32_t c)
{
	if (c < 0x80)
		return char_is_name(c);
	if (classes() == NULL)
		return false;
	return is_mark(c) || iswalnum_l((wint_t)c, classes()->locale);
}

static bool
is_number(uint32_t c)
{
	static const uint32_t zeros[] = {0x660, 0x6f0, 0x7c0, 0x966, 0x9e6,
	    0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0,
	    0xf20, 0xff10};

	for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++)
		if (c >= zeros[i] && c <= zeros[i] + 9)
			return true;
	return false;
}

bool
char_is_number_or_mark(uint32_t c)
{
	return c < 0x80 ? is_digit(c) : is_number(c) || is_mark(c);
}

bool
char_is_wide_space(uint32_t c)
{
	return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200b) ||
	       c == 0x202f || c == 0x205f || c == 0x3000;
}

static bool
is_newline(uint32_t c)
{
	return c == '\n' || c == '\v' || c == '\f' || c == '\r' || c == 0x85 ||
	       c == 0x2028 || c == 0x2029;
}

/* Controls, noncharacters, and what overrides or embeds a direction. */
static bool
is_dropped(uint32_t c)
{
	return (c < ' ' && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0) ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	       (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

uint32_t
char_lower(uint32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
	return classes() != NULL
	           ? (uint32_t)towlower_l((wint_t)c, classes()->locale)
	           : c;
}

/* UTF-8 (RFC 3629). */

uint32_t
char_decode_wide(struct str s, size_t *len)
{
	unsigned char first = (unsigned char)s.at[0];
	size_t n = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t c = first & 0xffU >> (n + 1);

	*len = 1;
	if (n > s.len || !str_is_text(str_slice(s, 0, n)))
		return CHAR_NOT_UTF8;
	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)s.at[i] & 0x3f);
	*len = n;
	return c;
}

void
char_put(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_put_char(b, (char)c);
	} else if (c < 0x800) {
		buf_put_char(b, (char)(0xc0 | c >> 6));
		buf_put_char(b, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_put_char(b, (char)(0xe0 | c >> 12));
		buf_put_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_put_char(b, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_put_char(b, (char)(0xf0 | c >> 18));
		buf_put_char(b, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_put_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_put_char(b, (char)(0x80 | (c & 0x3f)));
	}
}

struct str
char_trim(struct str s)
{
	size_t len, last;

	while (s.len > 0 && char_is_space(char_decode(s, &len)))
		s = str_slice(s, len, s.len);
	while (s.len > 0) {
		last = s.len - 1;
		while (last > 0 && ((unsigned char)s.at[last] & 0xc0) == 0x80)
			last--;
		if (!char_is_space(
			char_decode(str_slice(s, last, s.len), &len)))
			break;
		s = str_slice(s, 0, last);
	}
	return s;
}

/* How many bytes from the start on are plain ASCII that stays as it is. */
static size_t
plain_len(struct str s)
{
	size_t i = 0;

	while (i < s.len && ((s.at[i] >= ' ' && s.at[i] <= '~') ||
				s.at[i] == '\n' || s.at[i] == '\t'))
		i++;
	return i;
}

void
char_clean(struct buf *out, struct str text)
{
	size_t marks = 0, len;

	for (size_t i = 0; i < text.len; i += len) {
		struct str rest = str_slice(text, i, text.len);
		uint32_t c;

		len = plain_len(rest);
		if (len > 0) {
			buf_put(out, str_slice(rest, 0, len));
			marks = 0;
			continue;
		}
		c = char_decode(rest, &len);
		if (str_starts(rest, STR("\r\n")))
			continue;
		if (is_newline(c))
			c = '\n';
		if (is_dropped(c))
			continue;
		marks = is_mark(c) ? marks + 1 : 0;
		if (marks <= MAX_MARKS)
			char_put(out, c);
	}
}

bool
char_is_clean(struct str text)
{
	return plain_len(text) == text.len;
}
