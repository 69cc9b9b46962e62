/* SHA-256, HMAC, and the text forms of bytes.  The work is OpenSSL's. */
#ifndef PIXLPIX_BASE_DIGEST_H
#define PIXLPIX_BASE_DIGEST_H

#include "base/arena.h"

enum {
	DIGEST_BYTES = 32
};

/* SHA-256 (FIPS 180-4) of `data` into `out`. */
enum err digest_sha256(struct str data, unsigned char out[DIGEST_BYTES]);

/* The same as DIGEST_BYTES bytes of the arena, as a row keeps a secret. */
enum err digest_kept(struct arena *a, struct str data, struct str *out);

/* A digest of all bytes of the file `fd`, from its beginning; its offset is
 * of no account and not changed.  Not SHA-256 of the bytes: each mebibyte is
 * hashed together with the digest of those before it.  ERR_IO, ERR_MEMORY. */
enum err digest_file(int fd, unsigned char out[DIGEST_BYTES]);

/* HMAC-SHA-256 (RFC 2104). */
enum err digest_hmac(
    struct str key, struct str data, unsigned char out[DIGEST_BYTES]);

/* Equal, in a time that depends on the lengths alone. */
bool digest_equal(struct str a, struct str b);

/* Base64url without padding (RFC 4648 section 5). */
enum err digest_base64url(struct arena *a, struct str bytes, struct str *out);

/* Base64 with padding (RFC 4648 section 4). */
enum err digest_base64(struct arena *a, struct str bytes, struct str *out);

/* The bytes of Base64url text; ERR_INPUT where it is not. */
enum err digest_from_base64url(
    struct arena *a, struct str text, struct str *out);

/* Lower-case hexadecimal. */
enum err digest_hex(struct arena *a, struct str bytes, struct str *out);

/* Overwrites a secret so that the compiler cannot leave it out. */
void digest_wipe(void *at, size_t size);

#endif
