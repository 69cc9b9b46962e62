/* What the view tests share: a page to render and templates from memory. */
#ifndef PIXLPIX_TESTS_VIEW_KIT_H
#define PIXLPIX_TESTS_VIEW_KIT_H

#include "view/tpl.h"

#include <criterion/criterion.h>

struct kit_item {
	struct str name;
	int64_t number;
	struct url link;
	bool is_first;
	struct list tags;  /* struct str */
	struct list items; /* struct kit_item */
};

struct kit_page {
	struct str name;     /* "Ann & <Bob>" */
	struct str empty;    /* "" */
	struct str word;     /* "page" */
	struct str query;    /* "a&b=c/d é" */
	struct str comma;    /* ", b" */
	struct str script;   /* "javascript:alert(1)" */
	struct html body;    /* "<b>bold</b>" */
	struct html bare;    /* "" */
	struct url link;     /* "/p/7?a=1&b=2" */
	struct url away;     /* "" */
	struct when created; /* 2026-11-21T09:05:07Z, two days before now */
	struct when never;
	int64_t none; /* 0 */
	int64_t one;  /* 1 */
	int64_t many; /* -42 */
	bool yes;
	bool no;
	struct kit_item item; /* "single", 5, "/i/5" */
	struct list items;    /* "x" 1 "/x", "y" 2 "/y"; y has items "z" */
	struct list nothing;  /* no items */
	struct list tags;     /* "red", "<green>" */
};

extern const struct shape shape_kit_item;
extern const struct shape shape_kit_page;

extern const struct kit_page kit_page;
extern const struct when kit_now;

/* The text of a template, from now on in this test. */
void kit_file(const char *name, const char *text);

/* Parses `text` as "page" and renders it; fails the test where it is refused.
 * The result lasts until the next call. */
const char *kit_render(const char *text);

/* The complaints about `text`; fails the test where it is accepted. */
const char *kit_refusal(const char *text);

/* A reader of what kit_file was given. */
extern const struct tpl_reader kit_reader;

/* A template and what it renders to. */
#define RENDERS(suite, name, template, expected)                     \
	Test(suite, name)                                            \
	{                                                            \
		const char *page_ = kit_render(template);            \
		cr_assert_str_eq(page_, expected, "got: %s", page_); \
	}

/* A template that is refused with words that hold `words`. */
#define REFUSES(suite, name, template, words)                             \
	Test(suite, name)                                                 \
	{                                                                 \
		const char *why_ = kit_refusal(template);                 \
		cr_assert_not_null(strstr(why_, words), "got: %s", why_); \
	}

#endif
