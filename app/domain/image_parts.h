/* What domain/image.c and domain/image_webp.c share: the names of an image's
 * objects, limits for the decoder, and files for what it makes. */
#ifndef PIXLPIX_DOMAIN_IMAGE_PARTS_H
#define PIXLPIX_DOMAIN_IMAGE_PARTS_H

#include "domain/image.h"
#include "media/derive.h"

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

void image_close_files(const int *fds, size_t count);

#endif
