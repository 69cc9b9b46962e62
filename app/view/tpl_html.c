/* The HTML context of templates.  The literal text is the author's and is
 * trusted; what has to be got right is where a variable stands.  Where the
 * text is so odd that this is not certain it is refused. */
#include "view/tpl_html.h"

#include <string.h>

static const char *const raw_tags[] = {
    "script", "style", "iframe", "noembed", "noframes", "plaintext", "xmp"};
static const char *const plain_tags[] = {"title", "textarea"};

/* Attributes whose value is code, or sets one that is. */
static const char *const code_attrs[] = {
    "attributename", "by", "from", "srcdoc", "style", "to", "values"};

#define IS_AMONG(names, name) \
	is_among((names), sizeof(names) / sizeof((names)[0]), (name))

/* The absent string where the name is too long to be kept. */
static struct str
name_str(const struct tpl_html_name *name)
{
	if (name->len > TPL_HTML_NAME_BYTES)
		return (struct str){0};
	return (struct str){name->at, name->len};
}

static bool
name_is(const struct tpl_html_name *name, const char *other)
{
	return str_equal(name_str(name), str_from(other));
}

static bool
is_among(
    const char *const *names, size_t count, const struct tpl_html_name *name)
{
	for (size_t i = 0; i < count; i++)
		if (name_is(name, names[i]))
			return true;
	return false;
}

static bool
names_equal(const struct tpl_html_name *a, const struct tpl_html_name *b)
{
	return a->len == b->len && a->len <= TPL_HTML_NAME_BYTES &&
	       memcmp(a->at, b->at, a->len) == 0;
}

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool
is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static void
name_add(struct tpl_html_name *name, char c)
{
	if (name->len < TPL_HTML_NAME_BYTES)
		name->at[name->len] = lower(c);
	if (name->len <= TPL_HTML_NAME_BYTES)
		name->len++;
}

/* Tags. */

static void
tag_begin(struct tpl_html *h, bool is_closing)
{
	*h = (struct tpl_html){
	    .state = TPL_HTML_TAG_NAME, .is_closing = is_closing};
}

static void
tag_end(struct tpl_html *h)
{
	h->state = TPL_HTML_TEXT;
	h->matched = 0;
	if (h->is_closing)
		return;
	if (IS_AMONG(raw_tags, &h->tag))
		h->state = TPL_HTML_RAW;
	else if (IS_AMONG(plain_tags, &h->tag))
		h->state = TPL_HTML_PLAIN;
}

static void
markup_begin(struct tpl_html *h, unsigned matched)
{
	h->state = TPL_HTML_MARKUP;
	h->matched = matched;
}

static void
step_less(struct tpl_html *h, char c)
{
	if (is_letter(c)) {
		tag_begin(h, false);
		name_add(&h->tag, c);
	} else if (c == '/') {
		h->state = TPL_HTML_LESS_SLASH;
	} else if (c == '!' || c == '?') {
		markup_begin(h, c == '!' ? 0 : 3);
	} else if (c != '<') {
		h->state = TPL_HTML_TEXT;
	}
}

static void
step_less_slash(struct tpl_html *h, char c)
{
	if (is_letter(c)) {
		tag_begin(h, true);
		name_add(&h->tag, c);
	} else if (c == '>') {
		h->state = TPL_HTML_TEXT;
	} else {
		markup_begin(h, 3);
	}
}

/* `matched`: 0 after "<!", 1 after "<!-", 3 where it is no comment. */
static void
step_markup(struct tpl_html *h, char c)
{
	if (c == '>') {
		h->state = TPL_HTML_TEXT;
		h->matched = 0;
	} else if (c != '-' || h->matched == 3) {
		h->matched = 3;
	} else if (++h->matched == 2) {
		h->state = TPL_HTML_COMMENT;
	}
}

/* `matched`: how much of "--!" stands before, where "--" will do too. */
static void
step_comment(struct tpl_html *h, char c)
{
	if (c == '>' && h->matched >= 2) {
		h->state = TPL_HTML_TEXT;
		h->matched = 0;
	} else if (c == '-') {
		h->matched = h->matched == 1 || h->matched == 2 ? 2 : 1;
	} else {
		h->matched = c == '!' && h->matched == 2 ? 3 : 0;
	}
}

/* In RAW and PLAIN `matched` says how much of "</name" stands before. */
static const char *
step_raw(struct tpl_html *h, char c)
{
	if (h->state == TPL_HTML_RAW && c == '!' && h->matched == 1)
		return "\"<!\" inside a script or style is ambiguous: leave it "
		       "out";
	if (h->matched == h->tag.len + 2 &&
	    (is_space(c) || c == '/' || c == '>')) {
		h->state = TPL_HTML_TAG_SPACE;
		h->is_closing = true;
		h->matched = 0;
		if (c == '>')
			tag_end(h);
		return NULL;
	}
	if (c == '<')
		h->matched = 1;
	else if (h->matched == 1 && c == '/')
		h->matched = 2;
	else if (h->matched >= 2 && h->matched < h->tag.len + 2 &&
		 lower(c) == h->tag.at[h->matched - 2])
		h->matched++;
	else
		h->matched = 0;
	return NULL;
}

static const char *
step_tag_name(struct tpl_html *h, char c)
{
	if (is_space(c) || c == '/')
		h->state = TPL_HTML_TAG_SPACE;
	else if (c == '>')
		tag_end(h);
	else if (c == '<' || c == '"' || c == '\'' || c == '=')
		return "this may not stand in a tag's name";
	else
		name_add(&h->tag, c);
	return NULL;
}

static const char *
attr_begin(struct tpl_html *h, char c)
{
	if (c == '<' || c == '"' || c == '\'' || c == '=')
		return "an attribute's name is missing, or a quote too many";
	h->state = TPL_HTML_ATTR_NAME;
	h->attr.len = 0;
	name_add(&h->attr, c);
	return NULL;
}

static const char *
step_tag_space(struct tpl_html *h, char c)
{
	if (is_space(c) || c == '/')
		return NULL;
	if (c == '>') {
		tag_end(h);
		return NULL;
	}
	return attr_begin(h, c);
}

static const char *
attr_name_end(struct tpl_html *h)
{
	if (!name_is(&h->tag, "meta") || !name_is(&h->attr, "http-equiv"))
		return NULL;
	h->has_http_equiv = true;
	return h->has_variable_content
	           ? "http-equiv may not stand beside a variable content"
	           : NULL;
}

static const char *
step_attr_name(struct tpl_html *h, char c)
{
	if (is_space(c)) {
		h->state = TPL_HTML_ATTR_AFTER;
	} else if (c == '/') {
		h->state = TPL_HTML_TAG_SPACE;
	} else if (c == '=') {
		h->state = TPL_HTML_VALUE_BEFORE;
	} else if (c == '>') {
		tag_end(h);
		return NULL;
	} else if (c == '<' || c == '"' || c == '\'') {
		return "this may not stand in an attribute's name";
	} else {
		name_add(&h->attr, c);
		return NULL;
	}
	return attr_name_end(h);
}

static const char *
step_attr_after(struct tpl_html *h, char c)
{
	if (c != '=')
		return step_tag_space(h, c);
	h->state = TPL_HTML_VALUE_BEFORE;
	return NULL;
}

static void
value_begin(struct tpl_html *h, enum tpl_html_state state)
{
	h->state = state;
	h->address = tpl_address_begin(name_str(&h->attr));
}

static const char *
step_value_before(struct tpl_html *h, char c)
{
	if (is_space(c))
		return NULL;
	if (c == '>')
		return "the attribute's value is missing";
	if (c == '"' || c == '\'') {
		value_begin(h,
		    c == '"' ? TPL_HTML_VALUE_DOUBLE : TPL_HTML_VALUE_SINGLE);
		return NULL;
	}
	value_begin(h, TPL_HTML_VALUE_BARE);
	return tpl_address_step(&h->address, c);
}

static const char *
step_value_bare(struct tpl_html *h, char c)
{
	if (is_space(c)) {
		h->state = TPL_HTML_TAG_SPACE;
		return NULL;
	}
	if (c == '>') {
		tag_end(h);
		return NULL;
	}
	return tpl_address_step(&h->address, c);
}

static const char *
step_value_quoted(struct tpl_html *h, char c, char quote)
{
	if (c != quote)
		return tpl_address_step(&h->address, c);
	h->state = TPL_HTML_VALUE_AFTER;
	return NULL;
}

/* After a closing quote, or after a section that may have ended anywhere. */
static const char *
step_value_after(struct tpl_html *h, char c)
{
	if (!is_space(c) && c != '/' && c != '>')
		return "put a space here, between one attribute and the next";
	h->state = TPL_HTML_TAG_SPACE;
	return step_tag_space(h, c);
}

static const char *
step(struct tpl_html *h, char c)
{
	switch (h->state) {
	case TPL_HTML_TEXT:
		if (c == '<')
			h->state = TPL_HTML_LESS;
		return NULL;
	case TPL_HTML_PLAIN:
	case TPL_HTML_RAW:
		return step_raw(h, c);
	case TPL_HTML_LESS:
		step_less(h, c);
		return NULL;
	case TPL_HTML_LESS_SLASH:
		step_less_slash(h, c);
		return NULL;
	case TPL_HTML_MARKUP:
		step_markup(h, c);
		return NULL;
	case TPL_HTML_COMMENT:
		step_comment(h, c);
		return NULL;
	case TPL_HTML_TAG_NAME:
		return step_tag_name(h, c);
	case TPL_HTML_TAG_SPACE:
		return step_tag_space(h, c);
	case TPL_HTML_TAG_SECTION:
	case TPL_HTML_VALUE_AFTER:
		return step_value_after(h, c);
	case TPL_HTML_ATTR_NAME:
		return step_attr_name(h, c);
	case TPL_HTML_ATTR_AFTER:
		return step_attr_after(h, c);
	case TPL_HTML_VALUE_BEFORE:
		return step_value_before(h, c);
	case TPL_HTML_VALUE_BARE:
		return step_value_bare(h, c);
	case TPL_HTML_VALUE_SINGLE:
		return step_value_quoted(h, c, '\'');
	case TPL_HTML_VALUE_DOUBLE:
		return step_value_quoted(h, c, '"');
	}
	return NULL;
}

const char *
tpl_html_text(struct tpl_html *html, struct str text, size_t *at)
{
	for (size_t i = 0; i < text.len; i++, (*at)++) {
		const char *fault = step(html, text.at[i]);

		if (fault != NULL)
			return fault;
	}
	return NULL;
}

/* Variables. */

static const char *
value_variable(
    struct tpl_html *h, enum shape_kind kind, enum tpl_escape *escape)
{
	const struct tpl_html_name *attr = &h->attr;

	if (kind == SHAPE_HTML)
		return "no html in an attribute: it needs text";
	if (attr->len >= 2 && memcmp(attr->at, "on", 2) == 0)
		return "no variable in an attribute that holds a script";
	if (IS_AMONG(code_attrs, attr))
		return "no variable in an attribute that holds code or style";
	if (name_is(&h->tag, "meta") && name_is(attr, "content")) {
		if (h->has_http_equiv)
			return "no variable in the content beside http-equiv";
		h->has_variable_content = true;
	}
	return tpl_address_variable(&h->address, kind, escape);
}

const char *
tpl_html_variable(
    struct tpl_html *html, enum shape_kind kind, enum tpl_escape *escape)
{
	*escape = kind == SHAPE_HTML ? TPL_ESCAPE_NOT : TPL_ESCAPE_HTML;
	switch (html->state) {
	case TPL_HTML_TEXT:
		return NULL;
	case TPL_HTML_PLAIN:
		if (kind == SHAPE_HTML)
			return "no html in a title or textarea: it needs text";
		if (html->matched != 0)
			return "no variable right after \"<\"";
		return NULL;
	case TPL_HTML_RAW:
		return "no variable inside a script or style";
	case TPL_HTML_LESS:
	case TPL_HTML_LESS_SLASH:
	case TPL_HTML_TAG_NAME:
		return "no variable in a tag's name";
	case TPL_HTML_MARKUP:
	case TPL_HTML_COMMENT:
		return "no variable inside a comment or declaration";
	case TPL_HTML_TAG_SPACE:
	case TPL_HTML_TAG_SECTION:
	case TPL_HTML_ATTR_NAME:
	case TPL_HTML_ATTR_AFTER:
	case TPL_HTML_VALUE_AFTER:
		return "inside a tag a variable may stand in a quoted value "
		       "alone";
	case TPL_HTML_VALUE_BEFORE:
	case TPL_HTML_VALUE_BARE:
		return "put quotes around an attribute's value that holds a "
		       "variable";
	case TPL_HTML_VALUE_SINGLE:
	case TPL_HTML_VALUE_DOUBLE:
		return value_variable(html, kind, escape);
	}
	return NULL;
}

/* Sections. */

static bool
is_between_attrs(enum tpl_html_state state)
{
	return state >= TPL_HTML_TAG_NAME && state <= TPL_HTML_VALUE_AFTER;
}

static bool
is_value(enum tpl_html_state state)
{
	return state >= TPL_HTML_VALUE_BARE;
}

void
tpl_html_section_begin(struct tpl_html *html, bool is_list)
{
	if (is_list && is_between_attrs(html->state) &&
	    html->state != TPL_HTML_TAG_SPACE)
		html->state = TPL_HTML_TAG_SECTION;
}

static const char *
join_between_attrs(
    struct tpl_html *h, const struct tpl_html *begin, bool is_list)
{
	if (!is_between_attrs(h->state) || !names_equal(&h->tag, &begin->tag) ||
	    h->is_closing != begin->is_closing)
		return "the section must end inside the tag that it began in";
	if (is_list && begin->state == TPL_HTML_TAG_SPACE &&
	    h->state != TPL_HTML_TAG_SPACE)
		return "end the repeated attribute with a space";
	if (h->state != begin->state ||
	    (h->state == TPL_HTML_ATTR_NAME &&
		!names_equal(&h->attr, &begin->attr)))
		h->state = TPL_HTML_TAG_SECTION;
	return NULL;
}

const char *
tpl_html_section_end(
    struct tpl_html *html, const struct tpl_html *begin, bool is_list)
{
	if (is_between_attrs(begin->state))
		return join_between_attrs(html, begin, is_list);
	if (html->state != begin->state || html->matched != begin->matched)
		return "the section must end in the HTML context that it began "
		       "in: inside the same tag, quotes or comment, or outside "
		       "of them";
	if (html->state == TPL_HTML_TEXT)
		return NULL;
	if (!names_equal(&html->tag, &begin->tag) ||
	    (html->state >= TPL_HTML_ATTR_NAME &&
		!names_equal(&html->attr, &begin->attr)))
		return "the section must end in the element and attribute that "
		       "it began in";
	if (is_value(html->state))
		return tpl_address_join(
		    &html->address, &begin->address, is_list);
	return NULL;
}

const char *
tpl_html_end(const struct tpl_html *html)
{
	switch (html->state) {
	case TPL_HTML_TEXT:
		return NULL;
	case TPL_HTML_PLAIN:
	case TPL_HTML_RAW:
		return "the template ends inside an element that holds text "
		       "alone, such as title, textarea, script or style";
	case TPL_HTML_MARKUP:
	case TPL_HTML_COMMENT:
		return "the template ends inside a comment or declaration";
	case TPL_HTML_LESS:
	case TPL_HTML_LESS_SLASH:
	case TPL_HTML_TAG_NAME:
	case TPL_HTML_TAG_SPACE:
	case TPL_HTML_TAG_SECTION:
	case TPL_HTML_ATTR_NAME:
	case TPL_HTML_ATTR_AFTER:
	case TPL_HTML_VALUE_AFTER:
	case TPL_HTML_VALUE_BEFORE:
	case TPL_HTML_VALUE_BARE:
	case TPL_HTML_VALUE_SINGLE:
	case TPL_HTML_VALUE_DOUBLE:
		return "the template ends inside a tag";
	}
	return NULL;
}
