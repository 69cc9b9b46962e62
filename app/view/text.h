/* What people write (captions, comments, bios) as safe HTML.
 *
 * One scanner finds hashtags, mentions and addresses for all functions here,
 * so that what is a link and what is in the index agree.
 *
 * Before anything else the text is cleaned: bytes that are not UTF-8 become
 * U+FFFD; CR LF, CR, VT, FF, NEL, LS and PS become a newline; other control
 * characters, noncharacters, and the characters that override or embed a
 * direction (U+202A to U+202E, U+2066 to U+2069) are dropped, so that no
 * comment can turn the page after it round (give its element dir="auto");
 * of combining marks in a row only the first 8 stay.
 *
 *	#tag      letters, digits and underscores of any script, 1 to 64
 *	          characters, at least one of them not a digit; not after such
 *	          a character, nor after # & /
 *	@name     3 to 30 of A-Z a-z 0-9 _, not after a word's character, nor
 *	          after @ or /, not before a word's character or @
 *	address   http:// or https:// up to white space or one of < > " ;
 *	          without . , ; : ! ? ' and closing quotes at its end, and
 *	          without a closing parenthesis that has no opening one.  No
 *	          other scheme is ever linked.
 *
 * Only the first TEXT_MAX_TAGS different tags and TEXT_MAX_MENTIONS different
 * names of a text count; further ones stay plain text.
 */
#ifndef PIXLPIX_VIEW_TEXT_H
#define PIXLPIX_VIEW_TEXT_H

#include "base/arena.h"

enum {
	TEXT_MAX_TAGS = 30,
	TEXT_MAX_MENTIONS = 30,
	TEXT_MAX_TAG_CHARS = 64
};

/* Escaped, with links (a hashtag to /tag/TAG, a mention to /@name, an address
 * to itself with rel="nofollow ugc noopener"), a newline as <br>, three or
 * more as two, none at the ends.  The only elements are <a> and <br>.
 * ERR_MEMORY past the arena's cap. */
enum err text_to_html(struct arena *a, struct str text, struct html *out);

/* The hashtags of `text`, without the #, in lower case, each once, in the order
 * of the text: a list of struct str.  ERR_MEMORY. */
enum err text_tags(struct arena *a, struct str text, struct list *out);

/* The mentioned names, without the @, likewise. */
enum err text_mentions(struct arena *a, struct str text, struct list *out);

/* What somebody gives as a tag, with or without the #, in the form of
 * text_tags.  ERR_INPUT where that is no tag; ERR_MEMORY. */
enum err text_tag_parse(struct arena *a, struct str given, struct str *out);

/* The text cleaned and on one line, white space collapsed, at most
 * `max_chars` characters; cut between words where that loses less than a
 * quarter, with U+2026 at the end: for titles and descriptions.
 * ERR_MEMORY. */
enum err text_excerpt(
    struct arena *a, struct str text, size_t max_chars, struct str *out);

#endif
