/* Hashtags, mentions and addresses in what people write. */
#include "view/text_scan.h"

#include "view/text_char.h"

enum {
	MIN_NAME = 3,
	MAX_NAME = 30
};

/* True where `value` is among the values or has joined them. */
static bool
values_take(struct text_values *v, struct str value)
{
	for (size_t i = 0; i < v->count; i++)
		if (str_equal(v->at[i], value))
			return true;
	if (v->count == v->max)
		return false;
	v->at[v->count++] = value;
	return true;
}

static enum err
lower_copy(struct arena *a, struct str s, struct str *out)
{
	struct buf b = {0};
	char *ascii = arena_alloc(a, s.len);
	size_t len = 0;
	enum err e;

	if (ascii == NULL)
		return ERR_MEMORY;
	while (len < s.len && (unsigned char)s.at[len] < 0x80) {
		ascii[len] = (char)char_lower((unsigned char)s.at[len]);
		len++;
	}
	if (len == s.len) {
		*out = (struct str){ascii, len};
		return OK;
	}
	for (size_t i = 0; i < s.len; i += len)
		char_put(
		    &b, char_lower(char_decode(str_slice(s, i, s.len), &len)));
	e = buf_check(&b);
	if (e == OK)
		e = arena_copy(a, buf_str(&b), out);
	buf_free(&b);
	return e;
}

/* How many bytes from the start of `s` on belong to a word. */
static size_t
word_len(struct str s, size_t *chars, bool *has_letter)
{
	size_t i = 0, len;

	*chars = 0;
	*has_letter = false;
	while (i < s.len) {
		uint32_t c = char_decode(str_slice(s, i, s.len), &len);

		if (!char_is_word(c))
			break;
		*has_letter |= !char_is_number_or_mark(c);
		*chars += 1;
		i += len;
	}
	return i;
}

static bool
is_tag_word(size_t chars, bool has_letter)
{
	return chars >= 1 && chars <= TEXT_MAX_TAG_CHARS && has_letter;
}

/* Gives the first `len` bytes the kind, if their value may join. */
static bool
take_value(struct text_scan *s, struct text_token *t, enum text_kind kind,
    struct text_values *values, size_t len)
{
	struct str raw = str_slice(s->rest, 0, len), value;
	enum err e = lower_copy(s->arena, str_slice(raw, 1, len), &value);

	if (e != OK) {
		s->failure = e;
		return false;
	}
	if (!values_take(values, value))
		return false;
	*t = (struct text_token){.kind = kind, .raw = raw, .value = value};
	return true;
}

static bool
scan_tag(struct text_scan *s, struct text_token *t)
{
	size_t len, chars;
	bool has_letter;

	if (char_is_word(s->before) || s->before == '#' || s->before == '&' ||
	    s->before == '/')
		return false;
	len = word_len(str_slice(s->rest, 1, s->rest.len), &chars, &has_letter);
	return is_tag_word(chars, has_letter) &&
	       take_value(s, t, TEXT_TAG, &s->tags, len + 1);
}

static bool
scan_mention(struct text_scan *s, struct text_token *t)
{
	struct str name = str_slice(s->rest, 1, s->rest.len);
	size_t len = 0, next_len;
	uint32_t next = 0;

	if (char_is_word(s->before) || s->before == '@' || s->before == '/')
		return false;
	while (len < name.len && char_is_name((unsigned char)name.at[len]))
		len++;
	if (len < name.len)
		next = char_decode(str_slice(name, len, name.len), &next_len);
	if (len < MIN_NAME || len > MAX_NAME || char_is_word(next) ||
	    next == '@')
		return false;
	return take_value(s, t, TEXT_MENTION, &s->mentions, len + 1);
}

/* Punctuation that ends a sentence rather than an address. */
static bool
is_trailing(uint32_t c)
{
	switch (c) {
	case '.':
	case ',':
	case ':':
	case ';':
	case '!':
	case '?':
	case '\'':
	case 0xbb:   /* » */
	case 0x2019: /* ’ */
	case 0x201d: /* ” */
	case 0x2026: /* … */
	case 0x3001: /* 、 */
	case 0x3002: /* 。 */
	case 0x300d: /* 」 */
	case 0xff09: /* ） */
	case 0xff0c: /* ， */
		return true;
	default:
		return false;
	}
}

static size_t
trim_address(struct str s)
{
	size_t end = 0, len, opened = 0;

	/* The end is after the last character that may be one. */
	for (size_t i = 0; i < s.len; i += len) {
		uint32_t c = char_decode(str_slice(s, i, s.len), &len);
		bool is_balanced = true;

		if (c == '(') {
			opened++;
		} else if (c == ')') {
			is_balanced = opened > 0;
			opened -= is_balanced;
		}
		if (is_balanced && !is_trailing(c))
			end = i + len;
	}
	return end;
}

static size_t
scheme_len(struct str s)
{
	if (str_equal_nocase(str_slice(s, 0, 7), STR("http://")))
		return 7;
	if (str_equal_nocase(str_slice(s, 0, 8), STR("https://")))
		return 8;
	return 0;
}

static bool
scan_address(struct text_scan *s, struct text_token *t)
{
	size_t scheme = scheme_len(s->rest), end = 0, len;

	if (scheme == 0 || scheme == s->rest.len || char_is_word(s->before))
		return false;
	while (end < s->rest.len) {
		uint32_t c =
		    char_decode(str_slice(s->rest, end, s->rest.len), &len);

		if (char_is_space(c) || c == '<' || c == '>' || c == '"' ||
		    c == CHAR_NOT_UTF8)
			break;
		if (end == scheme && c != '[' && !char_is_word(c))
			return false;
		end += len;
	}
	if (end <= scheme)
		return false;
	end = trim_address(str_slice(s->rest, 0, end));
	*t = (struct text_token){
	    .kind = TEXT_ADDRESS, .raw = str_slice(s->rest, 0, end)};
	return true;
}

/* Newlines with nothing but white space between them; white space before the
 * first one belongs to them too. */
static bool
scan_break(const struct text_scan *s, struct text_token *t)
{
	size_t newlines = 0, end = 0, i = 0, len;

	while (i < s->rest.len) {
		uint32_t c =
		    char_decode(str_slice(s->rest, i, s->rest.len), &len);

		if (!char_is_space(c))
			break;
		i += len;
		if (c == '\n') {
			newlines++;
			end = i;
		}
	}
	if (newlines == 0)
		return false;
	*t = (struct text_token){.kind = TEXT_BREAK,
	    .raw = str_slice(s->rest, 0, end),
	    .newlines = newlines};
	return true;
}

/* Something other than text at the start of the rest. */
static bool
scan_special(struct text_scan *s, uint32_t c, struct text_token *t)
{
	if (c == '#')
		return scan_tag(s, t);
	if (c == '@')
		return scan_mention(s, t);
	if (c == 'h' || c == 'H')
		return scan_address(s, t);
	return char_is_space(c) && !char_is_space(s->before) &&
	       scan_break(s, t);
}

static void
advance(struct text_scan *s, size_t len)
{
	size_t last = len;

	while (last > 1 && ((unsigned char)s->rest.at[last - 1] & 0xc0) == 0x80)
		last--;
	s->before = char_decode(
	    str_slice(s->rest, last - 1, s->rest.len), &(size_t){0});
	s->rest = str_slice(s->rest, len, s->rest.len);
}

/* What a character may begin, whatever stands before it. */
enum begins {
	NOTHING,
	SOMETHING,
	A_BREAK,   /* where more white space follows */
	AN_ADDRESS /* where a t follows */
};

static const unsigned char beginning[256] = {['#'] = SOMETHING,
    ['@'] = SOMETHING,
    ['\n'] = SOMETHING,
    ['\t'] = SOMETHING,
    [' '] = A_BREAK,
    ['h'] = AN_ADDRESS,
    ['H'] = AN_ADDRESS,
    [0x80 ... 0xff] = SOMETHING};

static bool
may_begin(enum begins what, unsigned char next)
{
	switch (what) {
	case NOTHING:
		return false;
	case SOMETHING:
		return true;
	case A_BREAK:
		return next <= ' ' || next >= 0x80;
	case AN_ADDRESS:
		return (next | 0x20) == 't';
	}
	return true;
}

/* How many bytes from the start on nothing special begins at. */
static size_t
dull_len(struct str s)
{
	const unsigned char *at = (const unsigned char *)s.at;
	size_t i = 0;

	while (i < s.len &&
	       !may_begin(beginning[at[i]], i + 1 < s.len ? at[i + 1] : 0))
		i++;
	return i;
}

bool
text_scan_next(struct text_scan *s, struct text_token *t)
{
	struct str all = s->rest;
	size_t taken = 0;

	while (s->rest.len > 0 && s->failure == OK) {
		size_t len = dull_len(s->rest);

		if (len == 0) {
			struct text_token special;
			uint32_t c = char_decode(s->rest, &len);

			if (scan_special(s, c, &special)) {
				if (taken > 0)
					break;
				advance(s, special.raw.len);
				*t = special;
				return true;
			}
		}
		advance(s, len);
		taken += len;
	}
	if (taken == 0 || s->failure != OK)
		return false;
	*t = (struct text_token){
	    .kind = TEXT_PLAIN, .raw = str_slice(all, 0, taken)};
	return true;
}

enum err
text_scan_begin(struct arena *a, struct str text, struct buf *clean_text,
    struct text_scan *out)
{
	struct str clean = text;

	if (!char_is_clean(text)) {
		char_clean(clean_text, text);
		TRY(buf_check(clean_text));
		clean = buf_str(clean_text);
	}
	*out = (struct text_scan){.arena = a,
	    .rest = char_trim(clean),
	    .tags.max = TEXT_MAX_TAGS,
	    .mentions.max = TEXT_MAX_MENTIONS};
	return OK;
}

enum err
text_scan_tag(struct arena *a, struct str word, struct str *out)
{
	size_t chars;
	bool has_letter;

	if (word_len(word, &chars, &has_letter) != word.len ||
	    !is_tag_word(chars, has_letter))
		return ERR_INPUT;
	return lower_copy(a, word, out);
}
