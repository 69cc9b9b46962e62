/* From a template's text to its steps.  Private to the template engine. */
#ifndef PIXLPIX_VIEW_TPL_PARSE_H
#define PIXLPIX_VIEW_TPL_PARSE_H

#include "base/arena.h"
#include "view/tpl_ops.h"

/* A template file that has been read; it lives as long as the parsing. */
struct tpl_file {
	struct tpl_file *next;
	const char *name; /* "part/card" */
	const char *path; /* what complaints call it */
	struct str text;
};

/* The files read so far, and how to get more. */
struct tpl_files {
	const struct tpl_reader *reader;
	struct arena *arena;
	struct tpl_file *first;
};

/* ERR_ABSENT, ERR_TOO_BIG, ERR_INPUT where it is not UTF-8, ERR_IO,
 * ERR_MEMORY. */
enum err tpl_file_load(
    struct tpl_files *files, const char *name, const struct tpl_file **out);

/* Parses one template with all its partials into memory of `arena`.
 * ERR_INPUT with complaints, ERR_MEMORY. */
enum err tpl_parse(struct arena *arena, struct tpl_files *files,
    const struct tpl_source *source, struct buf *complaints, struct tpl *out);

#endif
