/* What a parsed template is: the private form that tpl_parse.c makes and
 * tpl_render.c runs. */
#ifndef PIXLPIX_VIEW_TPL_OPS_H
#define PIXLPIX_VIEW_TPL_OPS_H

#include "view/tpl.h"

enum tpl_code {
	TPL_TEXT, /* nothing but the text before it */
	TPL_END,
	/* Print the value. */
	TPL_ESCAPED, /* struct str or url, fit for HTML */
	TPL_PERCENT, /* struct str or url, percent-encoded */
	TPL_AS_IS,   /* struct html */
	TPL_INT,
	TPL_ISO,
	TPL_DATE,
	TPL_DAY,
	TPL_AGO,
	/* Go to `jump` unless the value is true (IF) or false (UNLESS).  A
	 * WORD is 64 bits that are not 0: an int, an instant, a length. */
	TPL_IF_BOOL,
	TPL_IF_WORD,
	TPL_IF_ONE,
	TPL_UNLESS_BOOL,
	TPL_UNLESS_WORD,
	TPL_UNLESS_ONE,
	/* LOOP enters frame `inner` with the list's first item, or goes to
	 * `jump` without one; NEXT goes to `jump` while there is a next. */
	TPL_LOOP,
	TPL_NEXT
};

/* One step: append the text, then do what `code` says with the value at
 * `offset` of the struct that frame `frame` points to. */
struct tpl_op {
	const char *text;
	uint32_t text_len;
	uint32_t offset;
	uint32_t jump;
	uint32_t stride; /* LOOP and NEXT: bytes from item to item */
	uint8_t code;
	uint8_t frame; /* 0: what is rendered; else the list that deep */
	uint8_t inner;
};

struct tpl {
	const char *name;
	const struct tpl_op *ops; /* the last is TPL_END */
};

#endif
