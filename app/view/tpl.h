/* Mustache templates, checked at start against C structs.
 *
 * A set of templates is parsed once, each against the shape (base/shape.h) of
 * what it will render.  All names are resolved then, so that rendering is
 * pointer arithmetic and copying, and a template that is wrong in any way
 * refuses to start with file, line, column and a sentence.
 *
 * The language is Mustache (https://mustache.github.io/mustache.5.html and
 * its specification: interpolation, sections, inverted, comments, partials),
 * with names resolved by static scope: innermost section first.
 *
 *	{{name}} {{a.b}}   str, url, int or html; "." is the item of a list of
 *	                   str, or the value of the section it stands in
 *	{{#x}} {{/x}}      bool; str, url and html that are not empty; int and
 *	                   when that are not 0; every item of a list; a struct,
 *	                   whose members come into scope
 *	{{^x}} {{/x}}      the contrary; not for a struct, which is always there
 *	{{> part/x}}       the text of part/x.mustache, in this scope
 *	{{! remark}}
 *	t.iso t.date t.day t.ago of a when (base/clock.h)
 *	n.one              of an int: a bool, whether it is 1
 *	l.count            of a list: an int
 *
 * Escaping follows from the C type and from the place, never from the
 * template: str and url are escaped, html passes as it is and may not stand
 * in an attribute.  The parser follows the HTML context through the literal
 * text and through both ways of a section.  A variable is refused in <script>,
 * <style>, comments, names of tags and attributes, unquoted values, on* and
 * style attributes.  In an attribute that holds an address (href, src,
 * srcset, action, formaction, poster, cite and their kin) what stands at the
 * start must be a url; a str after the start is percent-encoded, so that
 * href="/search?q={{query}}" is right whatever the query holds; a url is
 * encoded so after a "?" and copied as it is elsewhere.
 *
 * Not supported, and refused: {{{raw}}}, {{&raw}}, set-delimiter tags,
 * inheritance, partials that include themselves.
 */
#ifndef PIXLPIX_VIEW_TPL_H
#define PIXLPIX_VIEW_TPL_H

#include "base/buf.h"
#include "base/shape.h"

enum {
	TPL_MAX_FILE_BYTES = 256 * 1024,  /* one template file */
	TPL_MAX_TEXT_BYTES = 1024 * 1024, /* one template, partials inlined */
	TPL_MAX_OPS = 32768,     /* tags of one template, partials inlined */
	TPL_MAX_PARTIALS = 1000, /* inlined in one template */
	TPL_MAX_PARTIAL_DEPTH = 16,
	TPL_MAX_SECTION_DEPTH = 64,
	TPL_MAX_LOOP_DEPTH = 8, /* lists inside lists */
	TPL_MAX_NAME_BYTES = 128,
	TPL_MAX_COMPLAINTS = 100
};

/* A page's name ("post_show") and the shape of what it renders.  Both must
 * outlive the set. */
struct tpl_source {
	const char *name;
	const struct shape *shape;
};

struct tpl;
struct tpl_set;

/* Where template text comes from.  `read` appends the text of the template
 * `name` ("post_show", "part/card") to `text`, and what to call it in
 * complaints to `path`; ERR_ABSENT where there is none. */
struct tpl_reader {
	enum err (*read)(
	    void *who, const char *name, struct buf *path, struct buf *text);
	void *who;
};

/* Parses all of `sources` from DIR/NAME.mustache and, for partials,
 * DIR/part/X.mustache; a file of the same name in `overlay_dir`, which may be
 * NULL, goes before.  All or nothing: on ERR_INPUT `complaints` holds a line
 * "file:line:col: sentence" for each fault (columns count bytes) and *out is
 * untouched.  ERR_IO (with a complaint) where a file cannot be read;
 * ERR_MEMORY.  The caller frees *out with tpl_set_free. */
enum err tpl_set_load(const char *dir, const char *overlay_dir,
    const struct tpl_source *sources, size_t count, struct buf *complaints,
    struct tpl_set **out);

/* The same from any reader. */
enum err tpl_set_parse(const struct tpl_reader *reader,
    const struct tpl_source *sources, size_t count, struct buf *complaints,
    struct tpl_set **out);

/* The template of that name, or NULL; lives as long as the set. */
const struct tpl *tpl_find(const struct tpl_set *set, const char *name);

/* NULL is allowed. */
void tpl_set_free(struct tpl_set *set);

/* Appends the page to `out`.  `data` is a struct of the shape that the
 * template was parsed against; its text is well-formed UTF-8; `now` is what
 * t.ago counts from.  The failure of `out`, or OK. */
enum err tpl_render(
    const struct tpl *tpl, const void *data, struct when now, struct buf *out);

#endif
