/* multipart/form-data (RFC 7578, RFC 2046 section 5.1), read as a stream.
 *
 * Text parts become fields of the form; a part with a file name goes to an
 * unlinked file in the spool folder as it arrives.  Whatever the size of the
 * body, memory stays at 64 KiB and the text.  http/form.c calls this.
 */
#ifndef PIXLPIX_HTTP_MULTIPART_H
#define PIXLPIX_HTTP_MULTIPART_H

#include "http/form.h"

/* The boundary parameter of a Content-Type "multipart/form-data; ...".
 * ERR_MEDIA_TYPE for another type; ERR_INPUT where the boundary is missing,
 * repeated, longer than 70 bytes or of other characters than RFC 2046 allows.
 */
enum err multipart_boundary(
    struct arena *a, struct str content_type, struct str *out);

/* Reads a whole body into `out`.  A file past file_bytes, or past their number,
 * does not end the reading: its bytes are dropped and the rest is read, so that
 * what the person typed is kept.  Errors as of form_read.  On failure the
 * files that were made are closed with the arena. */
enum err multipart_read(struct arena *a, struct body *body, struct str boundary,
    const struct form_limits *limits, struct form *out);

#endif
