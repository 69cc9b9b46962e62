/* The one scanner of what people write: cuts cleaned text into tokens, so that
 * links and index agree.  Private to view/text. */
#ifndef PIXLPIX_VIEW_TEXT_SCAN_H
#define PIXLPIX_VIEW_TEXT_SCAN_H

#include "base/buf.h"
#include "view/text.h"

enum text_kind {
	TEXT_PLAIN, /* no newline in it */
	TEXT_BREAK, /* newlines, and the white space between them */
	TEXT_TAG,
	TEXT_MENTION,
	TEXT_ADDRESS
};

struct text_token {
	enum text_kind kind;
	struct str raw;
	struct str value; /* of a tag or mention: its canonical form */
	size_t newlines;  /* of a break */
};

/* The different values of one kind so far. */
struct text_values {
	struct str at[TEXT_MAX_TAGS > TEXT_MAX_MENTIONS ? TEXT_MAX_TAGS
							: TEXT_MAX_MENTIONS];
	size_t count;
	size_t max;
};

struct text_scan {
	struct arena *arena;
	struct str rest;
	uint32_t before; /* the character before `rest`; 0 at the start */
	struct text_values tags;
	struct text_values mentions;
	enum err failure;
};

/* Starts a scan of the text, whose cleaned form goes to `clean_text` where it
 * differs; both must live as long as the scan and its tokens.  Values are kept
 * in `a`. */
enum err text_scan_begin(struct arena *a, struct str text,
    struct buf *clean_text, struct text_scan *out);

/* The next token; false at the end or after a failure. */
bool text_scan_next(struct text_scan *s, struct text_token *t);

/* The canonical form of a hashtag's word, without the #.  ERR_INPUT where it is
 * none, ERR_MEMORY. */
enum err text_scan_tag(struct arena *a, struct str word, struct str *out);

#endif
