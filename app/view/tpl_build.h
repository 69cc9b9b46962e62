/* What the parser builds: steps with their text, inside scopes and sections,
 * with the HTML context kept up and complaints written down.  Private to the
 * template engine; tpl_parse.c drives it. */
#ifndef PIXLPIX_VIEW_TPL_BUILD_H
#define PIXLPIX_VIEW_TPL_BUILD_H

#include "view/tpl_html.h"
#include "view/tpl_parse.h"
#include "view/tpl_scope.h"

/* The text of a file, or of a partial with an indentation put before each of
 * its lines. */
struct tpl_text {
	const struct tpl_text *includer;
	const struct tpl_file *file;
	struct str bytes;
	size_t indent_bytes;
};

/* A place to point at in a complaint. */
struct tpl_spot {
	const struct tpl_text *text;
	size_t at;
};

struct tpl_section {
	struct str name;
	struct tpl_spot spot;
	size_t op; /* the step that enters it; none where is_unknown */
	size_t frame;
	uint32_t stride;
	bool is_inverted;
	bool is_loop;
	bool is_unknown; /* its name was; what is in it is not looked up */
	struct tpl_html html;
	const struct tpl_scope *outer;
	struct tpl_scope scope;
};

struct tpl_build {
	struct tpl_files *files;
	const struct tpl_source *source;
	struct buf *complaints;
	bool is_faulty;
	bool has_lost_html; /* no more complaints about the context */
	enum err failure;   /* ERR_MEMORY: give up */

	struct tpl_op *ops;
	size_t op_count;
	size_t op_room;
	struct buf literal; /* all text of all steps */
	size_t literal_used;

	struct tpl_html html;
	struct tpl_scope root;
	const struct tpl_scope *scope;
	struct tpl_section sections[TPL_MAX_SECTION_DEPTH];
	size_t depth;
	size_t loops;
	size_t unknowns;
	size_t partials;
};

/* Starts with everything 0 but what the caller knows. */
void tpl_build_begin(struct tpl_build *b, struct tpl_files *files,
    const struct tpl_source *source, struct buf *complaints);

/* Gives back what the building took. */
void tpl_build_free(struct tpl_build *b);

/* Writes a complaint down and makes the template faulty. */
void tpl_complain_str(
    struct tpl_build *b, const struct tpl_spot *spot, struct str sentence);

#define tpl_complain(b, spot, ...)                                  \
	do {                                                        \
		struct buf sentence_ = {0};                         \
		buf_printf(&sentence_, __VA_ARGS__);                \
		tpl_complain_str((b), (spot), buf_str(&sentence_)); \
		buf_free(&sentence_);                               \
	} while (0)

/* Appends bytes `from` to `end` of the text to what the next step prints. */
void tpl_build_literal(
    struct tpl_build *b, const struct tpl_text *text, size_t from, size_t end);

/* A variable's step, or a complaint. */
void tpl_build_variable(
    struct tpl_build *b, struct str name, const struct tpl_spot *spot);

/* A section's first step; its name may be unknown, which is complained about.
 * False where no more sections fit. */
bool tpl_build_section(struct tpl_build *b, struct str name, bool is_inverted,
    const struct tpl_spot *spot);

/* The end of the innermost section, of which there were `base` before the
 * file began.  False, with a complaint, where that is another one. */
bool tpl_build_section_end(struct tpl_build *b, struct str name,
    const struct tpl_spot *spot, size_t base);

/* Moves the finished steps and their text into the arena.  ERR_INPUT where
 * there were complaints, ERR_MEMORY. */
enum err tpl_build_finish(struct tpl_build *b, const struct tpl_spot *end,
    struct arena *arena, struct tpl *out);

#endif
