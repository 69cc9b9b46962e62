/* The body of a request, read once from front to end.
 *
 * Whoever parses a body reads it through this, so that the parsers know
 * neither libfcgi nor a socket.  http/fcgi.c makes the real one; body_memory
 * serves the tests and whatever has the bytes already.
 */
#ifndef PIXLPIX_HTTP_BODY_H
#define PIXLPIX_HTTP_BODY_H

#include "base/arena.h"

struct body {
	/* Fills up to `size` bytes (at least 1) and says how many: 0 at the
	 * end.  ERR_INPUT where the sender went away in the middle. */
	enum err (*read)(void *source, void *at, size_t size, size_t *len);
	void *source;
	int64_t left_bytes; /* promised by Content-Length and not yet read */
};

/* Up to `size` bytes (at least 1) into `at`; *len is 0 only at the end.
 * ERR_INPUT where the body ends before its Content-Length. */
enum err body_read(struct body *body, void *at, size_t size, size_t *len);

/* The whole rest as one string in the arena.  ERR_TOO_BIG where more than
 * `max_bytes` are promised, before anything is read; ERR_INPUT as above. */
enum err body_read_all(
    struct body *body, struct arena *a, size_t max_bytes, struct str *out);

/* Bytes that are in memory, handed out at most `chunk_bytes` at a time (0: as
 * many as are wanted).  It must outlive its body. */
struct body_memory {
	struct str bytes;
	size_t chunk_bytes;
};

struct body body_from_memory(struct body_memory *memory);

#endif
