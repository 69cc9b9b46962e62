/* Structs as JSON (RFC 8259), by their shapes.
 *
 * A member becomes a member of the same name.  Texts, markup and addresses
 * become strings, a moment RFC 3339; an absent address and the moment "never"
 * become null, an absent text the empty string.  The caller checks the buffer.
 */
#ifndef PIXLPIX_VIEW_JSON_H
#define PIXLPIX_VIEW_JSON_H

#include "base/buf.h"
#include "base/shape.h"

/* One struct, as an object. */
void json_put(struct buf *b, const struct shape *shape, const void *at);

/* A list of such structs (shape NULL: of struct str), as an array. */
void json_put_list(struct buf *b, const struct shape *shape, struct list list);

#endif
