/* Fingerprints of the static files. */
#include "pages/assets.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/log.h"

#include <stdio.h>

static const char *const names[] = {"site.css", "site.js", "icon.svg"};

enum {
	NAME_COUNT = sizeof(names) / sizeof(names[0]),
	HASH_CHARS = 16
};

static enum err
read_file(const char *path, struct buf *out)
{
	char chunk[8192];
	FILE *file = fopen(path, "re");
	enum err e = OK;
	size_t n;

	if (file == NULL) {
		log_event(LOG_ERROR, "static file is missing",
		    LOG_Z("path", path), LOG_ERRNO());
		return ERR_IO;
	}
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buf_put(out, (struct str){chunk, n});
	if (ferror(file) != 0)
		e = ERR_IO;
	(void)fclose(file);
	return e;
}

static enum err
read_all(struct arena *a, struct str dir, struct buf *out)
{
	for (size_t i = 0; i < NAME_COUNT; i++) {
		struct str path;

		TRY(arena_printf(
		    a, &path, "%.*s/static/%s", STR_ARG(dir), names[i]));
		TRY(read_file(path.at, out));
	}
	return buf_check(out);
}

enum err
assets_load(struct arena *a, struct str views_dir, struct assets *out)
{
	struct url *const urls[NAME_COUNT] = {&out->css, &out->js, &out->icon};
	unsigned char hash[DIGEST_BYTES];
	struct buf content = {0};
	struct str hex;
	enum err e = read_all(a, views_dir, &content);

	if (e == OK)
		e = digest_sha256(buf_str(&content), hash);
	buf_free(&content);
	TRY(e);
	TRY(digest_hex(
	    a, (struct str){(const char *)hash, HASH_CHARS / 2}, &hex));
	for (size_t i = 0; i < NAME_COUNT; i++)
		TRY(arena_printf(a, &urls[i]->text, "/static/%.*s/%s",
		    STR_ARG(hex), names[i]));
	return OK;
}
