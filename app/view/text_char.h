/* Characters of what people write: UTF-8, classes, cleaning.  Private to
 * view/text. */
#ifndef PIXLPIX_VIEW_TEXT_CHAR_H
#define PIXLPIX_VIEW_TEXT_CHAR_H

#include "base/buf.h"

enum {
	CHAR_NOT_UTF8 = 0xfffd
};

/* char_decode's way where the first byte is not ASCII. */
uint32_t char_decode_wide(struct str s, size_t *len);

/* The code point at the start of `s`, which is not empty, and its length;
 * CHAR_NOT_UTF8 and 1 where there is none. */
static inline uint32_t
char_decode(struct str s, size_t *len)
{
	*len = 1;
	if ((unsigned char)s.at[0] < 0x80)
		return (unsigned char)s.at[0];
	return char_decode_wide(s, len);
}

void char_put(struct buf *b, uint32_t c);

/* a-z, A-Z, 0-9 and _. */
bool char_is_name(uint32_t c);

/* A letter, digit, mark or underscore of any script. */
bool char_is_word(uint32_t c);

/* A digit of any script, or a combining mark: what cannot make a tag alone.
 * #2024 is a number, and a keycap is a digit and marks. */
bool char_is_number_or_mark(uint32_t c);

/* char_is_space's way past ASCII. */
bool char_is_wide_space(uint32_t c);

/* White space, the zero-width kind too. */
static inline bool
char_is_space(uint32_t c)
{
	if (c < 0x80)
		return c == ' ' || c == '\t' || c == '\n';
	return char_is_wide_space(c);
}

uint32_t char_lower(uint32_t c);

/* Without white space at both ends. */
struct str char_trim(struct str s);

/* Appends the text as it may be shown; view/text.h says what that is. */
void char_clean(struct buf *out, struct str text);

/* True where it is plain ASCII that char_clean would leave as it is. */
bool char_is_clean(struct str text);

#endif
