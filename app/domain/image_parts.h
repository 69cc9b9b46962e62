/* What domain/image.c and domain/image_webp.c share: the names of an image's
 * objects, limits for the decoder, and files for what it makes. */
#ifndef PIXLPIX_DOMAIN_IMAGE_PARTS_H
#define PIXLPIX_DOMAIN_IMAGE_PARTS_H

#include "domain/image.h"
#include "media/derive.h"
#include "store/checksum.h"

enum {
	IMAGE_SIZES_MAX = 3,
	IMAGE_KEY_CHARS = 26,
	IMAGE_NAME_MAX = 48
};

/* The sizes of a post's images, in the order of image_sizes. */
enum {
	IMAGE_LARGE,
	IMAGE_MIDDLE,
	IMAGE_SQUARE
};

/* The end of the object that holds the original. */
#define IMAGE_ORIGINAL STR("o.orig")

/* KEY-end, for example KEY-l.jpg, in `room`.  ERR_INPUT where the key is
 * none. */
enum err image_object(
    char room[IMAGE_NAME_MAX], struct str key, struct str end, struct str *out);

/* The ends of a use's objects, "l.jpg" and so on, `count` of them. */
const struct str *image_jpegs(enum image_use use, size_t *count);

/* The same of those that may be there besides: "l.webp" ... */
const struct str *image_webps(enum image_use use, size_t *count);

/* What the configuration says of sizes, as many as image_jpegs has. */
void image_sizes(const struct site *site, enum image_use use,
    struct media_size sizes[IMAGE_SIZES_MAX]);

struct media_limits image_limits(const struct site *site);

/* Files without names, the caller's to close with image_close.  ERR_IO. */
enum err image_open_files(const struct site *site, int *fds, size_t count);

/* A file that is to become an object. */
struct image_file {
	enum object_space space;
	struct str end; /* of the object's name */
	int fd;
	int64_t bytes;
};

/* What has been put and is not noted yet. */
struct image_sums {
	size_t count;
	struct str objects[IMAGE_SIZES_MAX + 1];
	int64_t bytes[IMAGE_SIZES_MAX + 1];
	struct str sums[IMAGE_SIZES_MAX + 1];
	char names[IMAGE_SIZES_MAX + 1][IMAGE_NAME_MAX];
	char digits[IMAGE_SIZES_MAX + 1][CHECKSUM_CHARS];
};

/* Puts the file into the store, for `s` to note; at most IMAGE_SIZES_MAX + 1.
 * What is there already is replaced where no row names it (`replaces`), and
 * ERR_CONFLICT otherwise.  ERR_STORE, ERR_IO, ERR_INTERNAL, ERR_MEMORY. */
enum err image_put(const struct site *site, struct image_sums *s,
    const struct image_file *file, struct str key, bool replaces);

/* Notes size and SHA-256 of all of them.  What the database says. */
enum err image_sums_write(const struct site *site, const struct image_sums *s);

/* The same for an image whose objects are erased. */
enum err image_sums_forget(const struct site *site, struct str key);

void image_close_files(const int *fds, size_t count);

#endif
