/* Building a template: names become places, tags become steps.  A fault is
 * written down and building goes on, so that one run tells all of them. */
#include "view/tpl_build.h"

#include <stdlib.h>
#include <string.h>

/* Complaints. */

static void
put_spot(struct buf *out, const struct tpl_spot *spot)
{
	size_t line = 1, begin = 0, column;

	for (size_t i = 0; i < spot->at; i++)
		if (spot->text->bytes.at[i] == '\n') {
			line++;
			begin = i + 1;
		}
	column = spot->at - begin;
	column -= column < spot->text->indent_bytes ? column
	                                            : spot->text->indent_bytes;
	buf_printf(
	    out, "%s:%zu:%zu: ", spot->text->file->path, line, column + 1);
}

/* A partial that stands in several pages is complained about once. */
static bool
has_line(const struct buf *complaints, struct str line)
{
	struct str all = buf_str(complaints);

	return memmem(all.at, all.len, line.at, line.len) != NULL;
}

static bool
is_full(const struct buf *complaints)
{
	struct str all = buf_str(complaints);
	size_t lines = 0;

	for (size_t i = 0; i < all.len; i++)
		lines += all.at[i] == '\n';
	return lines >= TPL_MAX_COMPLAINTS;
}

void
tpl_complain_str(
    struct tpl_build *b, const struct tpl_spot *spot, struct str sentence)
{
	struct buf line = {0};

	b->is_faulty = true;
	put_spot(&line, spot);
	buf_put(&line, sentence);
	buf_put_char(&line, '\n');
	if (!is_full(b->complaints) && !has_line(b->complaints, buf_str(&line)))
		buf_put(b->complaints, buf_str(&line));
	buf_free(&line);
}

/* Steps. */

static struct tpl_op *
emit(struct tpl_build *b, enum tpl_code code, const struct tpl_spot *spot)
{
	struct tpl_op *op;

	if (b->failure != OK)
		return NULL;
	if (b->op_count >= TPL_MAX_OPS) {
		tpl_complain(
		    b, spot, "the template has over %d tags", TPL_MAX_OPS);
		b->failure = ERR_INPUT;
		return NULL;
	}
	if (b->op_count == b->op_room) {
		size_t room = b->op_room > 0 ? b->op_room * 2 : 64;
		struct tpl_op *ops =
		    reallocarray(b->ops, room, sizeof(b->ops[0]));

		if (ops == NULL) {
			b->failure = ERR_MEMORY;
			return NULL;
		}
		b->ops = ops;
		b->op_room = room;
	}
	op = &b->ops[b->op_count++];
	*op = (struct tpl_op){
	    .text_len = (uint32_t)(b->literal.len - b->literal_used),
	    .code = (uint8_t)code};
	b->literal_used = b->literal.len;
	return op;
}

static void
emit_at(struct tpl_build *b, enum tpl_code code, const struct tpl_place *place,
    const struct tpl_spot *spot)
{
	struct tpl_op *op = emit(b, code, spot);

	if (op == NULL)
		return;
	op->frame = place->frame;
	op->offset = (uint32_t)place->offset;
}

void
tpl_build_literal(
    struct tpl_build *b, const struct tpl_text *text, size_t from, size_t end)
{
	struct str bytes = str_slice(text->bytes, from, end - from);
	size_t at = from;
	const char *fault;

	buf_put(&b->literal, bytes);
	if (buf_check(&b->literal) == ERR_TOO_BIG && b->failure == OK) {
		tpl_complain(b, (&(struct tpl_spot){text, from}),
		    "the template has over %d bytes of text",
		    TPL_MAX_TEXT_BYTES);
		b->failure = ERR_INPUT;
	} else if (buf_check(&b->literal) != OK && b->failure == OK) {
		b->failure = ERR_MEMORY;
	}
	if (b->has_lost_html)
		return;
	fault = tpl_html_text(&b->html, bytes, &at);
	if (fault != NULL) {
		tpl_complain(b, (&(struct tpl_spot){text, at}), "%s", fault);
		b->has_lost_html = true;
	}
}

/* Names and variables. */

static bool
find_name(struct tpl_build *b, struct str name, const struct tpl_spot *spot,
    struct tpl_place *place)
{
	struct buf why = {0};
	bool found;

	if (name.len > TPL_MAX_NAME_BYTES || !tpl_name_is_valid(name)) {
		tpl_complain(b, spot,
		    "\"%.*s\" is no name: names are C identifiers with dots "
		    "between, or \".\"",
		    STR_ARG(str_slice(name, 0, TPL_MAX_NAME_BYTES)));
		return false;
	}
	if (b->unknowns > 0)
		return false;
	found = tpl_scope_find(b->scope, name, place, &why);
	if (!found)
		tpl_complain_str(b, spot, buf_str(&why));
	buf_free(&why);
	return found;
}

static enum tpl_code
code_of_text(enum tpl_escape escape)
{
	switch (escape) {
	case TPL_ESCAPE_NOT:
		return TPL_AS_IS;
	case TPL_ESCAPE_HTML:
		return TPL_ESCAPED;
	case TPL_ESCAPE_PERCENT:
		return TPL_PERCENT;
	}
	return TPL_ESCAPED;
}

static enum tpl_code
code_of_when(enum tpl_part part)
{
	if (part == TPL_PART_ISO)
		return TPL_ISO;
	if (part == TPL_PART_DAY)
		return TPL_DAY;
	return part == TPL_PART_DATE ? TPL_DATE : TPL_AGO;
}

/* NULL, or why the value cannot be printed at all. */
static const char *
why_not_printed(const struct tpl_place *place)
{
	switch (place->kind) {
	case SHAPE_INT:
	case SHAPE_STR:
	case SHAPE_HTML:
	case SHAPE_URL:
		return NULL;
	case SHAPE_WHEN:
		return place->part != TPL_PART_WHOLE
		           ? NULL
		           : "is a when: print its .ago, .date, .day or .iso";
	case SHAPE_BOOL:
		return "is a bool: it can head a section, but not be printed";
	case SHAPE_STRUCT:
		return "is a struct: name one of its members";
	case SHAPE_LIST:
		return "is a list: write a section over it, or its .count";
	}
	return "cannot be printed";
}

void
tpl_build_variable(
    struct tpl_build *b, struct str name, const struct tpl_spot *spot)
{
	struct tpl_place place;
	enum tpl_escape escape = TPL_ESCAPE_HTML;
	const char *fault;

	if (!find_name(b, name, spot, &place))
		return;
	fault = why_not_printed(&place);
	if (fault != NULL) {
		tpl_complain(b, spot, "\"%.*s\" %s", STR_ARG(name), fault);
		return;
	}
	if (!b->has_lost_html) {
		fault = tpl_html_variable(&b->html, place.kind, &escape);
		if (fault != NULL) {
			tpl_complain(b, spot, "\"%.*s\" (%s): %s",
			    STR_ARG(name), tpl_kind_name(place.kind), fault);
			return;
		}
	}
	if (place.kind == SHAPE_INT)
		emit_at(b, TPL_INT, &place, spot);
	else if (place.kind == SHAPE_WHEN)
		emit_at(b, code_of_when(place.part), &place, spot);
	else
		emit_at(b, code_of_text(escape), &place, spot);
}

/* Sections. */

/* A struct str's length, a list's count, an int and an instant are all one
 * 64-bit word that is 0 or not. */
static void
emit_condition(struct tpl_build *b, struct tpl_place place, bool is_inverted,
    const struct tpl_spot *spot)
{
	bool is_bool = place.kind == SHAPE_BOOL && place.part != TPL_PART_ONE;
	enum tpl_code code = is_inverted ? TPL_UNLESS_WORD : TPL_IF_WORD;

	if (is_bool)
		code = is_inverted ? TPL_UNLESS_BOOL : TPL_IF_BOOL;
	else if (place.kind == SHAPE_BOOL)
		code = is_inverted ? TPL_UNLESS_ONE : TPL_IF_ONE;
	else if (place.kind == SHAPE_LIST)
		place.offset += offsetof(struct list, count);
	else if (place.kind != SHAPE_INT && place.kind != SHAPE_WHEN)
		place.offset += offsetof(struct str, len);
	emit_at(b, code, &place, spot);
}

static void
begin_loop(
    struct tpl_build *b, struct tpl_section *s, const struct tpl_place *place)
{
	size_t stride =
	    place->of != NULL ? place->of->size : sizeof(struct str);
	struct tpl_op *op;

	if (b->loops == TPL_MAX_LOOP_DEPTH) {
		tpl_complain(b, &s->spot, "over %d lists inside each other",
		    TPL_MAX_LOOP_DEPTH);
		s->is_unknown = true;
		return;
	}
	s->is_loop = true;
	s->frame = ++b->loops;
	s->stride = (uint32_t)stride;
	emit_at(b, TPL_LOOP, place, &s->spot);
	if (b->failure == OK) {
		op = &b->ops[s->op];
		op->inner = (uint8_t)s->frame;
		op->stride = s->stride;
	}
	s->scope = (struct tpl_scope){.shape = place->of,
	    .kind = place->of != NULL ? SHAPE_STRUCT : SHAPE_STR,
	    .frame = (uint8_t)s->frame};
}

/* Looks up what the section is over and makes its first step. */
static void
begin_known_section(struct tpl_build *b, struct tpl_section *s)
{
	struct tpl_place place;

	if (!find_name(b, s->name, &s->spot, &place)) {
		s->is_unknown = true;
		return;
	}
	if (place.kind == SHAPE_WHEN && place.part != TPL_PART_WHOLE) {
		tpl_complain(b, &s->spot,
		    "a section over the time itself says what this means");
		s->is_unknown = true;
		return;
	}
	if (place.kind == SHAPE_STRUCT && s->is_inverted) {
		tpl_complain(b, &s->spot,
		    "\"%.*s\" is a struct, which is always there",
		    STR_ARG(s->name));
		s->is_unknown = true;
		return;
	}
	if (place.kind == SHAPE_LIST && !s->is_inverted) {
		begin_loop(b, s, &place);
		return;
	}
	s->scope = (struct tpl_scope){
	    .kind = place.kind, .offset = place.offset, .frame = place.frame};
	if (place.kind == SHAPE_STRUCT) {
		s->scope.shape = place.of;
		(void)emit(b, TPL_TEXT, &s->spot);
	} else {
		emit_condition(b, place, s->is_inverted, &s->spot);
	}
}

bool
tpl_build_section(struct tpl_build *b, struct str name, bool is_inverted,
    const struct tpl_spot *spot)
{
	struct tpl_section *s;

	if (b->depth == TPL_MAX_SECTION_DEPTH) {
		tpl_complain(b, spot, "over %d sections inside each other",
		    TPL_MAX_SECTION_DEPTH);
		return false;
	}
	s = &b->sections[b->depth];
	*s = (struct tpl_section){.name = name,
	    .spot = *spot,
	    .op = b->op_count,
	    .is_inverted = is_inverted,
	    .html = b->html,
	    .outer = b->scope};
	begin_known_section(b, s);
	b->depth++;
	if (s->is_unknown) {
		b->unknowns++;
	} else if (!s->is_inverted) {
		s->scope.outer = b->scope;
		b->scope = &s->scope;
	}
	tpl_html_section_begin(&b->html, s->is_loop);
	return true;
}

static void
end_steps(struct tpl_build *b, const struct tpl_section *s,
    const struct tpl_spot *spot)
{
	struct tpl_op *op;

	if (s->is_loop) {
		op = emit(b, TPL_NEXT, spot);
		if (op == NULL)
			return;
		op->inner = (uint8_t)s->frame;
		op->stride = s->stride;
		op->jump = (uint32_t)(s->op + 1);
		b->loops--;
	} else if (b->literal.len > b->literal_used) {
		(void)emit(b, TPL_TEXT, spot);
	}
	if (b->failure == OK)
		b->ops[s->op].jump = (uint32_t)b->op_count;
}

bool
tpl_build_section_end(struct tpl_build *b, struct str name,
    const struct tpl_spot *spot, size_t base)
{
	struct tpl_section *s;
	const char *fault;

	if (b->depth == base) {
		tpl_complain(b, spot,
		    "no section is open here that \"%.*s\" could "
		    "close",
		    STR_ARG(name));
		return false;
	}
	s = &b->sections[b->depth - 1];
	if (!str_equal(s->name, name)) {
		tpl_complain(b, spot, "\"%.*s\" does not close \"%.*s\"",
		    STR_ARG(name), STR_ARG(s->name));
		tpl_complain(
		    b, &s->spot, "\"%.*s\" is not closed", STR_ARG(s->name));
		return false;
	}
	b->depth--;
	b->scope = s->outer;
	if (s->is_unknown)
		b->unknowns--;
	else
		end_steps(b, s, spot);
	if (b->has_lost_html)
		return true;
	fault = tpl_html_section_end(&b->html, &s->html, s->is_loop);
	if (fault != NULL) {
		tpl_complain(b, spot, "%s", fault);
		b->has_lost_html = true;
	}
	return true;
}

/* Beginning and end. */

void
tpl_build_begin(struct tpl_build *b, struct tpl_files *files,
    const struct tpl_source *source, struct buf *complaints)
{
	b->files = files;
	b->source = source;
	b->complaints = complaints;
	b->literal.max_bytes = TPL_MAX_TEXT_BYTES;
	b->root =
	    (struct tpl_scope){.shape = source->shape, .kind = SHAPE_STRUCT};
	b->scope = &b->root;
}

void
tpl_build_free(struct tpl_build *b)
{
	free(b->ops);
	buf_free(&b->literal);
}

static void
check_end(struct tpl_build *b, const struct tpl_spot *end)
{
	const char *fault = tpl_html_end(&b->html);

	if (fault != NULL && !b->has_lost_html && !b->is_faulty)
		tpl_complain(b, end, "%s", fault);
}

/* Moves the steps and their text into the arena. */
static enum err
copy_steps(struct tpl_build *b, struct arena *arena, struct tpl *out)
{
	struct tpl_op *ops = arena_array(arena, b->op_count, sizeof(ops[0]));
	struct str literal;

	if (ops == NULL)
		return ERR_MEMORY;
	TRY(arena_copy(arena, buf_str(&b->literal), &literal));
	for (size_t i = 0, at = 0; i < b->op_count; i++) {
		ops[i] = b->ops[i];
		ops[i].text = literal.at + at;
		at += ops[i].text_len;
	}
	*out = (struct tpl){.name = b->source->name, .ops = ops};
	return OK;
}

enum err
tpl_build_finish(struct tpl_build *b, const struct tpl_spot *end,
    struct arena *arena, struct tpl *out)
{
	check_end(b, end);
	(void)emit(b, TPL_END, end);
	if (b->failure != OK)
		return b->failure;
	return b->is_faulty ? ERR_INPUT : copy_steps(b, arena, out);
}
