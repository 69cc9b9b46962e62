/* Forms: what a visitor sent, as names and values, then as a C struct.
 *
 *	struct form form;
 *	TRY(form_read(a, request, &limits, &form));     read once, by the gate
 *	form_value(&form, STR("csrf"))                  look at one field
 *	TRY(form_fill(a, &form, &shape_post_new, &in)); decode, any number of
 *	                                                times
 *
 * Both encodings of HTML forms give the same struct form; files come with
 * multipart (http/multipart.h) alone.
 */
#ifndef PIXLPIX_HTTP_FORM_H
#define PIXLPIX_HTTP_FORM_H

#include "base/arena.h"
#include "base/shape.h"
#include "http/request.h"

enum {
	FORM_TEXT_BYTES = 64 * 1024, /* the default limits */
	FORM_FIELDS = 200,
	FORM_LIST_ITEMS = 50
};

/* A name and a value: UTF-8, no NUL, line ends are LF. */
struct form_field {
	struct str name;
	struct str value;
};

/* A file, or the empty place where one could have been chosen (no file_name
 * and no bytes), so that the n-th `alt` belongs to the n-th `image`. */
struct upload {
	struct str field;     /* the name of the input */
	struct str file_name; /* without folders, UTF-8, at most 255 bytes; only
	                       * to be shown, never to be opened */
	int fd;               /* an unlinked file, at offset 0, open for reading
	                       * and writing; closed by the arena's reset; -1
	                       * where the place is empty or is_too_big */
	int64_t size_bytes;   /* of the whole, also when it is too big */
	bool is_too_big;      /* more than the limit: its bytes are dropped */
};

struct form {
	struct list fields;   /* of struct form_field, in the order sent */
	struct list uploads;  /* of struct upload, in the order sent */
	size_t dropped_files; /* chosen files past the limit's number */
};

/* What a page accepts; 0 takes the default. */
struct form_limits {
	size_t text_bytes; /* names and values together; FORM_TEXT_BYTES */
	size_t fields;     /* FORM_FIELDS */
	size_t files; /* 0: none, files that come are dropped and counted */
	int64_t file_bytes; /* of one file */
	int64_t body_bytes; /* of everything; by default room for the text and
	                     * for files * file_bytes */
	const char *spool;  /* the folder for temporary files; needed where
	                     * files is not 0 */
	bool keeps_lines;   /* CR and CR LF stay; else they become LF */
};

/* Reads the body of a POST.  `limits` NULL: the defaults, no files.
 * ERR_MEDIA_TYPE where it is neither kind of form (an empty body without a
 * Content-Type is an empty form); ERR_TOO_BIG past text_bytes, fields or
 * body_bytes; ERR_INPUT where it is malformed, cut, not UTF-8 or holds a NUL;
 * ERR_IO where a file could not be written; ERR_MEMORY. */
enum err form_read(struct arena *a, const struct request *r,
    const struct form_limits *limits, struct form *out);

/* Parses application/x-www-form-urlencoded text, such as a query string (URL
 * standard, section 5.1).  Errors as above. */
enum err form_parse(struct arena *a, struct str text,
    const struct form_limits *limits, struct form *out);

/* The first value of that name, or the absent string. */
struct str form_value(const struct form *form, struct str name);

/* Decodes the fields into the struct of `shape`, member by member:
 * struct str; int64_t (decimal; an empty value is 0); bool ("on", "1", "true",
 * "yes" are true, "", "off", "0", "false", "no" false); struct list of struct
 * str (every value of that name, in order, at most FORM_LIST_ITEMS).  A field
 * that is missing gives zero, one that is repeated its first value, one that is
 * unknown nothing.  The strings are views into the form.  ERR_INPUT where a
 * number or bool is none or a list too long, ERR_MEMORY; `out` is untouched
 * then.  Other kinds of members are a programmer's mistake. */
enum err form_fill(struct arena *a, const struct form *form,
    const struct shape *shape, void *out);

/* The first member that form_fill would give ERR_INPUT for, or NULL. */
const struct shape_member *form_misfit(
    struct arena *a, const struct form *form, const struct shape *shape);

/* form_parse of the request's query, and form_fill. */
enum err form_fill_query(struct arena *a, const struct request *r,
    const struct shape *shape, void *out);

/* How a parser hands fields over: start, add, finish. */
struct form_builder {
	struct arena *arena;
	struct form_limits limits;
	size_t text_bytes;
	struct form_field *fields;
	size_t count;
	size_t room;
};

struct form_builder form_builder_start(
    struct arena *a, const struct form_limits *limits);

/* Checks both for UTF-8, makes line ends LF and appends.  `value` may be
 * changed in place.  ERR_INPUT, ERR_TOO_BIG, ERR_MEMORY. */
enum err form_builder_add(
    struct form_builder *b, struct str name, char *value, size_t len);

#endif
