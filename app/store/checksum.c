/* See checksum.h. */
#include "store/checksum.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

struct checksum {
	EVP_MD_CTX *ctx;
};

enum err
checksum_open(struct checksum **out)
{
	struct checksum *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return ERR_MEMORY;
	c->ctx = EVP_MD_CTX_new();
	if (c->ctx == NULL ||
	    EVP_DigestInit_ex(c->ctx, EVP_sha256(), NULL) != 1) {
		checksum_close(c);
		return ERR_MEMORY;
	}
	*out = c;
	return OK;
}

void
checksum_close(struct checksum *c)
{
	if (c == NULL)
		return;
	EVP_MD_CTX_free(c->ctx);
	free(c);
}

enum err
checksum_add(struct checksum *c, struct str bytes)
{
	return EVP_DigestUpdate(c->ctx, bytes.at, bytes.len) == 1
	           ? OK
	           : ERR_INTERNAL;
}

static void
put_hex(const unsigned char *bytes, size_t count, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
}

enum err
checksum_end(struct checksum *c, char out[CHECKSUM_CHARS])
{
	unsigned char digest[CHECKSUM_CHARS / 2];

	if (EVP_DigestFinal_ex(c->ctx, digest, NULL) != 1)
		return ERR_INTERNAL;
	put_hex(digest, sizeof(digest), out);
	return OK;
}

static enum err
add_file(struct checksum *c, int fd, int64_t size_bytes)
{
	char block[32 * 1024];
	int64_t at = 0;

	while (at < size_bytes) {
		int64_t left = size_bytes - at;
		ssize_t n = pread(fd, block,
		    left < (int64_t)sizeof(block) ? (size_t)left
						  : sizeof(block),
		    at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ERR_IO;
		if (n == 0)
			return ERR_INPUT;
		TRY(checksum_add(c, (struct str){block, (size_t)n}));
		at += n;
	}
	return OK;
}

enum err
checksum_file(int fd, int64_t size_bytes, char out[CHECKSUM_CHARS])
{
	struct checksum *c;
	enum err e;

	TRY(checksum_open(&c));
	e = add_file(c, fd, size_bytes);
	if (e == OK)
		e = checksum_end(c, out);
	checksum_close(c);
	return e;
}

enum err
checksum_md5(struct str data, char out[CHECKSUM_MD5_CHARS])
{
	unsigned char digest[CHECKSUM_MD5_CHARS / 2];
	unsigned int length = 0;

	if (EVP_Digest(data.len > 0 ? data.at : "", data.len, digest, &length,
		EVP_md5(), NULL) != 1 ||
	    length != sizeof(digest))
		return ERR_INTERNAL;
	put_hex(digest, sizeof(digest), out);
	return OK;
}
