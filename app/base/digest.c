/* OpenSSL's digests behind our types. */
#include "base/digest.h"

#include <errno.h>
#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum err
digest_sha256(struct str data, unsigned char out[DIGEST_BYTES])
{
	unsigned int length = 0;

	if (EVP_Digest(data.len > 0 ? data.at : "", data.len, out, &length,
		EVP_sha256(), NULL) != 1 ||
	    length != DIGEST_BYTES)
		return ERR_INTERNAL;
	return OK;
}

enum err
digest_kept(struct arena *a, struct str data, struct str *out)
{
	unsigned char hash[DIGEST_BYTES];

	TRY(digest_sha256(data, hash));
	return arena_copy(
	    a, (struct str){(const char *)hash, sizeof(hash)}, out);
}

enum {
	CHUNK_BYTES = 1024 * 1024
};

/* The digest so far stands before the bytes in `room`. */
static enum err
digest_chunks(int fd, char *room, unsigned char out[DIGEST_BYTES])
{
	off_t at = 0;
	ssize_t n;

	memset(out, 0, DIGEST_BYTES);
	while ((n = pread(fd, room + DIGEST_BYTES, CHUNK_BYTES, at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ERR_IO;
		memcpy(room, out, DIGEST_BYTES);
		TRY(digest_sha256(
		    (struct str){room, DIGEST_BYTES + (size_t)n}, out));
		at += n;
	}
	return OK;
}

enum err
digest_file(int fd, unsigned char out[DIGEST_BYTES])
{
	char *room = malloc(DIGEST_BYTES + CHUNK_BYTES);
	enum err e;

	if (room == NULL)
		return ERR_MEMORY;
	e = digest_chunks(fd, room, out);
	free(room);
	return e;
}

/* OpenSSL's HMAC(3) looks the algorithm up by name at each call, which takes
 * longer than the sums; so it is looked up once for the process. */
static EVP_MAC_CTX *
hmac_context(void)
{
	static EVP_MAC_CTX *context;
	char name[] = "SHA256";
	const OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
	    OSSL_PARAM_construct_end()};
	EVP_MAC *hmac;

	if (context != NULL)
		return context;
	hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	context = EVP_MAC_CTX_new(hmac);
	EVP_MAC_free(hmac);
	if (context != NULL && EVP_MAC_CTX_set_params(context, params) != 1) {
		EVP_MAC_CTX_free(context);
		context = NULL;
	}
	return context;
}

enum err
digest_hmac(struct str key, struct str data, unsigned char out[DIGEST_BYTES])
{
	const char *key_at = key.len > 0 ? key.at : "";
	const char *data_at = data.len > 0 ? data.at : "";
	EVP_MAC_CTX *context = hmac_context();
	size_t length = 0;

	if (context == NULL ||
	    EVP_MAC_init(
		context, (const unsigned char *)key_at, key.len, NULL) != 1 ||
	    EVP_MAC_update(context, (const unsigned char *)data_at, data.len) !=
		1 ||
	    EVP_MAC_final(context, out, &length, DIGEST_BYTES) != 1 ||
	    length != DIGEST_BYTES)
		return ERR_INTERNAL;
	return OK;
}

bool
digest_equal(struct str a, struct str b)
{
	return a.len == b.len &&
	       (a.len == 0 || CRYPTO_memcmp(a.at, b.at, a.len) == 0);
}

static const char base64url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

enum err
digest_base64url(struct arena *a, struct str bytes, struct str *out)
{
	size_t length = bytes.len / 3 * 4 + (bytes.len % 3 * 4 + 2) / 3;
	char *at = arena_alloc(a, length);
	uint32_t bits = 0;
	int held = 0;
	size_t n = 0;

	if (at == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < bytes.len; i++) {
		bits = bits << 8 | (unsigned char)bytes.at[i];
		for (held += 8; held >= 6; held -= 6)
			at[n++] = base64url[bits >> (held - 6) & 63];
	}
	if (held > 0)
		at[n++] = base64url[bits << (6 - held) & 63];
	*out = (struct str){at, n};
	return OK;
}

enum err
digest_base64(struct arena *a, struct str bytes, struct str *out)
{
	size_t length = (bytes.len + 2) / 3 * 4;
	unsigned char *at;

	if (bytes.len > INT_MAX)
		return ERR_TOO_BIG;
	at = arena_alloc(a, length + 1);
	if (at == NULL)
		return ERR_MEMORY;
	(void)EVP_EncodeBlock(
	    at, (const unsigned char *)bytes.at, (int)bytes.len);
	*out = (struct str){(const char *)at, length};
	return OK;
}

static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

enum err
digest_from_base64url(struct arena *a, struct str text, struct str *out)
{
	char *at = arena_alloc(a, text.len / 4 * 3 + 3);
	uint32_t bits = 0;
	int held = 0;
	size_t n = 0;

	if (at == NULL)
		return ERR_MEMORY;
	if (text.len % 4 == 1)
		return ERR_INPUT;
	for (size_t i = 0; i < text.len; i++) {
		int value = value_of(text.at[i]);

		if (value < 0)
			return ERR_INPUT;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			at[n++] = (char)(bits >> held & 255);
		}
	}
	*out = (struct str){at, n};
	return OK;
}

enum err
digest_hex(struct arena *a, struct str bytes, struct str *out)
{
	static const char digits[] = "0123456789abcdef";
	char *at = arena_array(a, bytes.len, 2);

	if (at == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.at[i];

		at[2 * i] = digits[byte >> 4];
		at[2 * i + 1] = digits[byte & 15];
	}
	*out = (struct str){at, bytes.len * 2};
	return OK;
}

void
digest_wipe(void *at, size_t size)
{
	OPENSSL_cleanse(at, size);
}
