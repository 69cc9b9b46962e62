/* Names in templates: from "post.author.name" to a place in a struct.
 * Private to the template engine. */
#ifndef PIXLPIX_VIEW_TPL_SCOPE_H
#define PIXLPIX_VIEW_TPL_SCOPE_H

#include "base/buf.h"
#include "base/shape.h"

/* What a name may be looked up in, and where that is when rendering. */
struct tpl_scope {
	const struct tpl_scope *outer;
	const struct shape *shape; /* NULL: a plain value, which "." names */
	enum shape_kind kind;
	size_t offset;
	uint8_t frame;
};

/* The pseudo-members. */
enum tpl_part {
	TPL_PART_WHOLE,
	TPL_PART_ISO,
	TPL_PART_DATE,
	TPL_PART_DAY,
	TPL_PART_AGO,
	TPL_PART_ONE
};

struct tpl_place {
	uint8_t frame;
	size_t offset;
	enum shape_kind kind; /* BOOL for n.one, WHEN for t.iso and its kin */
	enum tpl_part part;
	const struct shape *of; /* of a struct or a list; NULL: list of str */
};

/* A name is "." or C identifiers with dots between. */
bool tpl_name_is_valid(struct str name);

/* Finds `name`, which is valid: its first part in the innermost scope that has
 * it, the further parts inside that.  False with a sentence in `why`. */
bool tpl_scope_find(const struct tpl_scope *scope, struct str name,
    struct tpl_place *out, struct buf *why);

/* The kind as a word for complaints. */
const char *tpl_kind_name(enum shape_kind kind);

#endif
