/* Header parameters as multipart uses them (RFC 2183, RFC 7578 section 4.2):
 * what the header of a part says about it.  http/multipart.c alone uses this.
 */
#ifndef PIXLPIX_HTTP_DISPOSITION_H
#define PIXLPIX_HTTP_DISPOSITION_H

#include "base/arena.h"

/* Cuts the next "; name=value" off *rest, which begins after the media or
 * disposition type.  A quoted value loses its quotes; a backslash before a
 * quote goes with it only when another quote follows, since browsers send
 * backslashes as they are.  *name is absent at the end.  ERR_INPUT where it is
 * malformed, ERR_MEMORY. */
enum err param_next(
    struct arena *a, struct str *rest, struct str *name, struct str *value);

struct part {
	struct str name;
	struct str file_name; /* not yet cleaned */
	bool is_file;         /* a file name was given, perhaps an empty one */
};

/* Parses the header lines of a part, CRLF between them.  ERR_INPUT where one
 * is malformed or folded, holds a control character, Content-Disposition is
 * missing, twice or not form-data with a name, or an encoding other than the
 * identity is announced. */
enum err part_parse(struct arena *a, struct str headers, struct part *out);

/* The name of a file alone, fit to be shown: what follows the last slash or
 * backslash, at most 255 bytes and whole characters; "file" where it is not
 * UTF-8 or has a control character. */
struct str file_name_clean(struct str s);

#endif
