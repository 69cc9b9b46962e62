/* Random bytes from the kernel. */
#ifndef PIXLPIX_BASE_RANDOM_H
#define PIXLPIX_BASE_RANDOM_H

#include "base/arena.h"

/* Fills `size` bytes.  ERR_IO where the kernel gives none. */
enum err random_bytes(void *at, size_t size);

/* `bytes` random bytes (at most 64) as base64url text without padding: 32
 * bytes give 43 characters. */
enum err random_token(struct arena *a, size_t bytes, struct str *out);

/* A name for an object: 128 random bits as 26 characters of a-z and 2-7, so
 * that it is safe in file names and addresses. */
enum err random_key(struct arena *a, struct str *out);

#endif
