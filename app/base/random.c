/* Random bytes and the names made of them. */
#include "base/random.h"
#include "base/digest.h"
#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <sys/random.h>

enum {
	TOKEN_MAX_BYTES = 64,
	KEY_CHARS = 26
};

enum err
random_bytes(void *at, size_t size)
{
	unsigned char *next = at;

	while (size > 0) {
		ssize_t n = getrandom(next, size, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			log_event(LOG_ERROR, "no random bytes", LOG_ERRNO());
			return ERR_IO;
		}
		next += n;
		size -= (size_t)n;
	}
	return OK;
}

enum err
random_token(struct arena *a, size_t bytes, struct str *out)
{
	char raw[TOKEN_MAX_BYTES];
	enum err e;

	assert(bytes > 0 && bytes <= sizeof(raw));
	TRY(random_bytes(raw, bytes));
	e = digest_base64url(a, (struct str){raw, bytes}, out);
	digest_wipe(raw, sizeof(raw));
	return e;
}

enum err
random_key(struct arena *a, struct str *out)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char raw[KEY_CHARS];
	char *at = arena_alloc(a, KEY_CHARS);

	if (at == NULL)
		return ERR_MEMORY;
	TRY(random_bytes(raw, sizeof(raw)));
	for (size_t i = 0; i < KEY_CHARS; i++)
		at[i] = alphabet[raw[i] & 31];
	*out = (struct str){at, KEY_CHARS};
	return OK;
}
