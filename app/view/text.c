/* Captions, comments and bios as HTML, and what they link to: the scanner
 * (text_scan.c) cuts the text into tokens, which are written as HTML or
 * collected here. */
#include "view/text.h"

#include "view/text_char.h"
#include "view/text_scan.h"

#include <string.h>

/* HTML. */

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

/* True where byte `i` of an address is one that no address may hold. */
static bool
is_misplaced(struct str s, size_t i)
{
	switch (s.at[i]) {
	case '\\':
	case '^':
	case '`':
	case '{':
	case '|':
	case '}':
		return true;
	case '%':
		return i + 2 >= s.len || !is_hex(s.at[i + 1]) ||
		       !is_hex(s.at[i + 2]);
	default:
		return false;
	}
}

/* An address as people write it, made valid. */
static void
put_address(struct buf *out, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (!is_misplaced(s, i))
			continue;
		buf_put_escaped(out, str_slice(s, from, i - from));
		buf_put_percent(out, str_slice(s, i, 1));
		from = i + 1;
	}
	buf_put_escaped(out, str_slice(s, from, s.len));
}

static void
put_token(struct buf *out, const struct text_token *t)
{
	switch (t->kind) {
	case TEXT_PLAIN:
		buf_put_escaped(out, t->raw);
		return;
	case TEXT_BREAK:
		buf_put(out, t->newlines > 1 ? STR("<br><br>") : STR("<br>"));
		return;
	case TEXT_TAG:
		buf_put(out, STR("<a href=\"/tag/"));
		buf_put_percent(out, t->value);
		buf_put(out, STR("\">"));
		break;
	case TEXT_MENTION:
		buf_put(out, STR("<a href=\"/@"));
		buf_put_percent(out, t->value);
		buf_put(out, STR("\">"));
		break;
	case TEXT_ADDRESS:
		buf_put(out, STR("<a href=\""));
		put_address(out, t->raw);
		buf_put(out, STR("\" rel=\"nofollow ugc noopener\">"));
		break;
	}
	buf_put_escaped(out, t->raw);
	buf_put(out, STR("</a>"));
}

/* Everything. */

enum err
text_to_html(struct arena *a, struct str text, struct html *out)
{
	struct buf clean_text = {0}, html = {0};
	struct text_scan s;
	struct text_token t;
	enum err e = text_scan_begin(a, text, &clean_text, &s);

	if (e == OK) {
		while (text_scan_next(&s, &t))
			put_token(&html, &t);
		e = s.failure != OK ? s.failure : buf_check(&html);
	}
	if (e == OK)
		e = arena_copy(a, buf_str(&html), &out->text);
	buf_free(&clean_text);
	buf_free(&html);
	return e;
}

/* Runs the scanner for its values alone. */
static enum err
scan_all(struct arena *a, struct str text, struct text_scan *s)
{
	struct buf clean_text = {0};
	struct text_token t;
	enum err e = text_scan_begin(a, text, &clean_text, s);

	if (e == OK) {
		while (text_scan_next(s, &t))
			continue;
		e = s->failure;
	}
	buf_free(&clean_text);
	return e;
}

static enum err
values_to_list(struct arena *a, const struct text_values *v, struct list *out)
{
	struct str *items = arena_array(a, v->count, sizeof(items[0]));

	if (items == NULL)
		return ERR_MEMORY;
	memcpy(items, v->at, v->count * sizeof(items[0]));
	*out = (struct list){items, v->count};
	return OK;
}

enum err
text_tags(struct arena *a, struct str text, struct list *out)
{
	struct text_scan s;

	TRY(scan_all(a, text, &s));
	return values_to_list(a, &s.tags, out);
}

enum err
text_mentions(struct arena *a, struct str text, struct list *out)
{
	struct text_scan s;

	TRY(scan_all(a, text, &s));
	return values_to_list(a, &s.mentions, out);
}

enum err
text_tag_parse(struct arena *a, struct str given, struct str *out)
{
	struct buf clean_text = {0};
	struct str word;
	enum err e;

	char_clean(&clean_text, given);
	word = char_trim(buf_str(&clean_text));
	if (str_starts(word, STR("#")))
		word = str_slice(word, 1, word.len);
	e = buf_check(&clean_text);
	if (e == OK)
		e = text_scan_tag(a, word, out);
	buf_free(&clean_text);
	return e;
}

/* White space collapsed to single spaces, none at the ends. */
static void
put_one_line(struct buf *out, struct str text)
{
	bool is_pending = false;
	size_t len;

	text = char_trim(text);
	for (size_t i = 0; i < text.len; i += len) {
		struct str c;

		if (char_is_space(
			char_decode(str_slice(text, i, text.len), &len))) {
			is_pending = true;
			continue;
		}
		if (is_pending)
			buf_put_char(out, ' ');
		is_pending = false;
		c = str_slice(text, i, len);
		buf_put(out, c);
	}
}

/* The bytes of the first `chars` characters, all where there are fewer. */
static size_t
prefix_len(struct str s, size_t chars)
{
	size_t i = 0, len;

	for (; chars > 0 && i < s.len; chars--, i += len)
		(void)char_decode(str_slice(s, i, s.len), &len);
	return i;
}

/* Where to cut so that `max_chars` characters with the ellipsis are left. */
static size_t
excerpt_len(struct str line, size_t max_chars)
{
	size_t end = prefix_len(line, max_chars - 1);
	size_t cut = end;

	while (cut > 0 && line.at[cut] != ' ')
		cut--;
	if (cut < end - end / 4)
		cut = end;
	while (cut > 0 && line.at[cut - 1] == ' ')
		cut--;
	return cut;
}

enum err
text_excerpt(
    struct arena *a, struct str text, size_t max_chars, struct str *out)
{
	struct buf clean_text = {0}, line = {0};
	enum err e;

	char_clean(&clean_text, text);
	put_one_line(&line, buf_str(&clean_text));
	if (max_chars == 0) {
		line.len = 0;
	} else if (str_count_chars(buf_str(&line)) > max_chars) {
		line.len = excerpt_len(buf_str(&line), max_chars);
		buf_put(&line, STR("\xe2\x80\xa6"));
	}
	e = buf_check(&clean_text) != OK ? buf_check(&clean_text)
	                                 : buf_check(&line);
	if (e == OK)
		e = arena_copy(a, buf_str(&line), out);
	buf_free(&clean_text);
	buf_free(&line);
	return e;
}
