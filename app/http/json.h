/* JSON that programs send, as a form: one object, whose members are texts,
 * numbers without a fraction, booleans, or arrays of texts.  Reading is
 * libjansson's.
 */
#ifndef PIXLPIX_HTTP_JSON_H
#define PIXLPIX_HTTP_JSON_H

#include "base/shape.h"
#include "http/form.h"

/* Why a body is no such object, for its sender. */
struct json_fault {
	struct str member; /* that is of another kind; absent: the whole text */
	struct str detail; /* a sentence; absent where nothing is known */
};

/* Parses RFC 8259 text into fields: a text is its own value, a number is
 * decimal, a boolean "true" or "false", an array one field for each of its
 * texts; null is as if the member were not there.  ERR_INPUT where it is no
 * JSON, no object, names a member twice, holds something else, or a NUL;
 * ERR_TOO_BIG past the limits (http/form.h); ERR_MEMORY. */
enum err json_parse(struct arena *a, struct str text,
    const struct form_limits *limits, struct form *out);

/* The same for members of the kinds that `shape` has them in (text, boolean, a
 * list of texts, a number), whose other members are nobody's and are passed
 * over.  ERR_INPUT with *fault, whose strings live in the arena; it is not
 * touched otherwise. */
enum err json_parse_as(struct arena *a, struct str text,
    const struct form_limits *limits, const struct shape *shape,
    struct form *out, struct json_fault *fault);

/* Reads the body of a request so, whatever its Content-Type says.  Errors as
 * json_parse, and as body_read_all. */
enum err json_read(struct arena *a, const struct request *r,
    const struct form_limits *limits, struct form *out);

/* Reads the body of a request with Content-Type: application/json as
 * json_parse_as does, and any other as form_read.  Errors as both. */
enum err json_or_form_read(struct arena *a, const struct request *r,
    const struct form_limits *limits, const struct shape *shape,
    struct form *out, struct json_fault *fault);

#endif
