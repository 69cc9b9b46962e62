/* Checksums of what is too big to hold.  The work is OpenSSL's. */
#ifndef PIXLPIX_STORE_CHECKSUM_H
#define PIXLPIX_STORE_CHECKSUM_H

#include "base/str.h"

enum {
	CHECKSUM_CHARS = 64,    /* of SHA-256 in hexadecimal */
	CHECKSUM_MD5_CHARS = 32 /* of MD5 in hexadecimal */
};

struct checksum;

/* A SHA-256 that bytes are added to.  ERR_MEMORY, ERR_INTERNAL. */
enum err checksum_open(struct checksum **out);

enum err checksum_add(struct checksum *c, struct str bytes);

/* What all bytes so far give, in lower-case hexadecimal; nothing is to be
 * added afterwards. */
enum err checksum_end(struct checksum *c, char out[CHECKSUM_CHARS]);

/* NULL is allowed. */
void checksum_close(struct checksum *c);

/* Of the first `size_bytes` bytes of the file, whose offset does not change.
 * ERR_INPUT where it is shorter, ERR_IO where it cannot be read (errno). */
enum err checksum_file(int fd, int64_t size_bytes, char out[CHECKSUM_CHARS]);

/* MD5, by which nginx names the files of its cache; not for secrets. */
enum err checksum_md5(struct str data, char out[CHECKSUM_MD5_CHARS]);

#endif
