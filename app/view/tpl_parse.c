/* The Mustache parser: cuts a file at its tags and tells the builder what they
 * are.  Partials are read in their place.  A fault in the structure ends the
 * file. */
#include "view/tpl_build.h"

#include <stdlib.h>
#include <string.h>

/* One tag as it stands in the text. */
struct tag {
	size_t begin; /* of "{{" */
	size_t end;   /* after "}}" */
	char sigil;   /* 0: a variable */
	struct str name;
	struct str indent; /* the white space before it, if it is alone */
	bool is_alone;     /* on its line */
};

/* Tags. */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A tag that is not a variable and alone on its line takes the line away. */
static void
find_line(struct str text, struct tag *tag)
{
	size_t from = tag->begin, end = tag->end;

	while (from > 0 && is_blank(text.at[from - 1]))
		from--;
	if (from > 0 && text.at[from - 1] != '\n')
		return;
	while (end < text.len && is_blank(text.at[end]))
		end++;
	if (end + 1 < text.len && text.at[end] == '\r' &&
	    text.at[end + 1] == '\n')
		end++;
	if (end < text.len && text.at[end] != '\n')
		return;
	tag->is_alone = true;
	tag->indent = str_slice(text, from, tag->begin - from);
	tag->begin = from;
	tag->end = end < text.len ? end + 1 : end;
}

static const char *
why_refused(char sigil)
{
	switch (sigil) {
	case '{':
	case '&':
		return "raw output does not exist: only html passes as it is, "
		       "and does so with {{name}}";
	case '=':
		return "the delimiters cannot be changed";
	case '<':
	case '$':
		return "there is no inheritance";
	default:
		return NULL;
	}
}

/* The next tag from `from` on; false at the end or where `fault` is set. */
static bool
find_tag(struct str text, size_t from, struct tag *tag, const char **fault)
{
	const char *open, *close;
	struct str inside;

	*fault = NULL;
	open = memmem(text.at + from, text.len - from, "{{", 2);
	if (open == NULL)
		return false;
	*tag = (struct tag){.begin = (size_t)(open - text.at)};
	inside = str_slice(text, tag->begin + 2, text.len);
	if (inside.len > 0 && strchr("{&=<$#^/>!", inside.at[0]) != NULL) {
		tag->sigil = inside.at[0];
		inside = str_slice(inside, 1, inside.len);
		*fault = why_refused(tag->sigil);
		if (*fault != NULL)
			return false;
	}
	close = memmem(inside.at, inside.len, "}}", 2);
	if (close == NULL) {
		*fault = "the tag is not closed with \"}}\"";
		return false;
	}
	tag->name =
	    str_trim((struct str){inside.at, (size_t)(close - inside.at)});
	tag->end = (size_t)(close - text.at) + 2;
	if (tag->sigil != 0)
		find_line(text, tag);
	return true;
}

static bool parse_text(struct tpl_build *b, const struct tpl_text *text);

/* Partials. */

static bool
partial_name_is_valid(struct str name)
{
	const struct str folder = STR("part/");

	if (!str_starts(name, folder) || name.len == folder.len ||
	    name.len > TPL_MAX_NAME_BYTES)
		return false;
	for (size_t i = folder.len; i < name.len; i++) {
		char c = name.at[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_')
			return false;
	}
	return true;
}

/* NULL, or why the partial may not stand here. */
static const char *
why_not_included(
    const struct tpl_build *b, const struct tpl_text *text, struct str name)
{
	size_t depth = 0;

	for (const struct tpl_text *t = text; t != NULL;
	     t = t->includer, depth++)
		if (str_equal(str_from(t->file->name), name))
			return "a partial may not include itself";
	if (depth >= TPL_MAX_PARTIAL_DEPTH)
		return "too many partials inside each other";
	if (b->partials >= TPL_MAX_PARTIALS)
		return "too many partials";
	return NULL;
}

/* The specification: each line of a partial that stands alone is indented as
 * its tag is, before anything is rendered. */
static enum err
indent_lines(
    struct arena *a, struct str text, struct str indent, struct str *out)
{
	struct buf lines = {.max_bytes = TPL_MAX_TEXT_BYTES};
	enum err e;

	if (indent.len == 0) {
		*out = text;
		return OK;
	}
	while (text.len > 0) {
		size_t end = str_find(text, '\n');

		end = end < text.len ? end + 1 : end;
		buf_put(&lines, indent);
		buf_put(&lines, str_slice(text, 0, end));
		text = str_slice(text, end, text.len);
	}
	e = buf_check(&lines);
	if (e == OK)
		e = arena_copy(a, buf_str(&lines), out);
	buf_free(&lines);
	return e;
}

static void
complain_load(struct tpl_build *b, const struct tpl_spot *spot,
    const char *name, enum err e)
{
	if (e == ERR_ABSENT)
		tpl_complain(b, spot, "there is no file %s.mustache", name);
	else if (e == ERR_TOO_BIG)
		tpl_complain(b, spot, "%s.mustache has over %d bytes", name,
		    TPL_MAX_FILE_BYTES);
	else if (e == ERR_INPUT)
		tpl_complain(b, spot, "%s.mustache is not UTF-8", name);
	else if (e == ERR_IO)
		tpl_complain(b, spot, "%s.mustache cannot be read", name);
	if (e == ERR_IO || e == ERR_MEMORY)
		b->failure = e;
}

static bool
parse_partial(struct tpl_build *b, const struct tpl_text *text,
    const struct tag *tag, const struct tpl_spot *spot)
{
	const char *name, *fault;
	struct tpl_text inner = {
	    .includer = text, .indent_bytes = tag->indent.len};
	enum err e;

	if (!partial_name_is_valid(tag->name)) {
		tpl_complain(b, spot,
		    "a partial's name is part/ and then a-z, 0-9 "
		    "and _");
		return true;
	}
	fault = why_not_included(b, text, tag->name);
	if (fault != NULL) {
		tpl_complain(b, spot, "%s", fault);
		return true;
	}
	b->partials++;
	e = arena_z(b->files->arena, tag->name, &name);
	if (e == OK)
		e = tpl_file_load(b->files, name, &inner.file);
	if (e != OK) {
		complain_load(b, spot, e == ERR_MEMORY ? "it" : name, e);
		return true;
	}
	e = indent_lines(
	    b->files->arena, inner.file->text, tag->indent, &inner.bytes);
	if (e != OK) {
		complain_load(b, spot, name, e);
		return true;
	}
	return parse_text(b, &inner);
}

/* Files. */

static bool
parse_tag(struct tpl_build *b, const struct tpl_text *text,
    const struct tag *tag, const struct tpl_spot *spot, size_t base)
{
	switch (tag->sigil) {
	case '!':
		return true;
	case '#':
	case '^':
		return tpl_build_section(b, tag->name, tag->sigil == '^', spot);
	case '/':
		return tpl_build_section_end(b, tag->name, spot, base);
	case '>':
		return parse_partial(b, text, tag, spot);
	default:
		tpl_build_variable(b, tag->name, spot);
		return true;
	}
}

/* False where the structure is broken, after a complaint. */
static bool
parse_text(struct tpl_build *b, const struct tpl_text *text)
{
	size_t at = 0, base = b->depth;
	struct tag tag;
	const char *fault;

	while (b->failure == OK && find_tag(text->bytes, at, &tag, &fault)) {
		struct tpl_spot spot = {text, tag.begin + tag.indent.len};

		tpl_build_literal(b, text, at, tag.begin);
		if (!parse_tag(b, text, &tag, &spot, base))
			return false;
		at = tag.end;
	}
	if (b->failure != OK)
		return false;
	if (fault != NULL) {
		tpl_complain(
		    b, (&(struct tpl_spot){text, tag.begin}), "%s", fault);
		return false;
	}
	tpl_build_literal(b, text, at, text->bytes.len);
	if (b->depth == base)
		return b->failure == OK;
	tpl_complain(b, &b->sections[b->depth - 1].spot,
	    "\"%.*s\" is not closed", STR_ARG(b->sections[b->depth - 1].name));
	return false;
}

static enum err
parse_file(struct tpl_build *b, const struct tpl_file *file,
    struct arena *arena, struct tpl *out)
{
	struct tpl_text text = {.file = file, .bytes = file->text};

	(void)parse_text(b, &text);
	return tpl_build_finish(
	    b, &(struct tpl_spot){&text, file->text.len}, arena, out);
}

/* The page's own file is missing or unfit. */
static enum err
refuse(struct tpl_build *b, const char *name, enum err e)
{
	struct tpl_file none = {.path = name};
	struct tpl_text nowhere = {.file = &none};

	complain_load(b, &(struct tpl_spot){&nowhere, 0}, name, e);
	return e == ERR_ABSENT || e == ERR_TOO_BIG ? ERR_INPUT : e;
}

enum err
tpl_parse(struct arena *arena, struct tpl_files *files,
    const struct tpl_source *source, struct buf *complaints, struct tpl *out)
{
	const struct tpl_file *file;
	struct tpl_build *b = calloc(1, sizeof(*b));
	enum err e;

	if (b == NULL)
		return ERR_MEMORY;
	tpl_build_begin(b, files, source, complaints);
	e = tpl_file_load(files, source->name, &file);
	if (e == OK)
		e = parse_file(b, file, arena, out);
	else
		e = refuse(b, source->name, e);
	tpl_build_free(b);
	free(b);
	return e;
}
