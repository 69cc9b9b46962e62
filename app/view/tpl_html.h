/* Where in an HTML document a template's tag stands: a tokenizer that is fed
 * the literal text (after the states of the HTML standard, section 13.2.5)
 * and says which variables may stand where, and how they are escaped there.
 * Private to the template engine. */
#ifndef PIXLPIX_VIEW_TPL_HTML_H
#define PIXLPIX_VIEW_TPL_HTML_H

#include "view/tpl_address.h"

enum tpl_html_state {
	TPL_HTML_TEXT,
	TPL_HTML_PLAIN,       /* in <title> or <textarea> */
	TPL_HTML_RAW,         /* in <script>, <style> and their kin */
	TPL_HTML_LESS,        /* after "<" */
	TPL_HTML_LESS_SLASH,  /* after "</" */
	TPL_HTML_MARKUP,      /* after "<!" or "<?" */
	TPL_HTML_COMMENT,     /* after "<!--" */
	TPL_HTML_TAG_NAME,    /* from here on: inside a tag */
	TPL_HTML_TAG_SPACE,   /* before an attribute */
	TPL_HTML_TAG_SECTION, /* after a section that may end a name */
	TPL_HTML_ATTR_NAME,
	TPL_HTML_ATTR_AFTER,   /* after the name and white space */
	TPL_HTML_VALUE_AFTER,  /* after the closing quote */
	TPL_HTML_VALUE_BEFORE, /* after "=" */
	TPL_HTML_VALUE_BARE,
	TPL_HTML_VALUE_SINGLE,
	TPL_HTML_VALUE_DOUBLE
};

enum {
	TPL_HTML_NAME_BYTES = 32
};

/* A name in lower case; `len` counts past the end where it is longer. */
struct tpl_html_name {
	char at[TPL_HTML_NAME_BYTES];
	size_t len;
};

struct tpl_html {
	enum tpl_html_state state;
	unsigned matched; /* of what ends RAW, PLAIN, MARKUP or COMMENT */
	bool is_closing;  /* the tag began with "</" */
	bool has_http_equiv;
	bool has_variable_content;
	struct tpl_html_name tag;
	struct tpl_html_name attr;
	struct tpl_address address;
};

/* Reads literal text.  NULL, or a sentence about what is wrong at byte *at,
 * which is counted on from its value. */
const char *tpl_html_text(struct tpl_html *html, struct str text, size_t *at);

/* A variable of the kind (STR, URL, HTML, INT or WHEN) stands here.  NULL and
 * how to print it, or a sentence on why it may not. */
const char *tpl_html_variable(
    struct tpl_html *html, enum shape_kind kind, enum tpl_escape *escape);

/* A section begins; a list's may be read several times on end. */
void tpl_html_section_begin(struct tpl_html *html, bool is_list);

/* A section ends that began at `begin`: from now on the text is after the
 * section or after none.  NULL, or a sentence on why the two differ. */
const char *tpl_html_section_end(
    struct tpl_html *html, const struct tpl_html *begin, bool is_list);

/* NULL where a page may end, else a sentence. */
const char *tpl_html_end(const struct tpl_html *html);

#endif
