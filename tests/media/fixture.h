/* Pictures made on the spot, and what came of them. */
#ifndef PIXLPIX_TESTS_MEDIA_FIXTURE_H
#define PIXLPIX_TESTS_MEDIA_FIXTURE_H

#include "media/derive.h"

/* Zeroed memory that stays, reachable, until the test's process ends: a leak
 * that LeakSanitizer finds is then one of the program's. */
void *keep_alloc(size_t size);

/* The same, grown: `at` is from here or NULL; what is new is not zeroed. */
void *keep_grow(void *at, size_t size);

/* 8-bit RGB, three bytes a pixel. */
struct raster {
	size_t width;
	size_t height;
	unsigned char *rgb;
};

struct rgb {
	int r;
	int g;
	int b;
};

/* One colour all over. */
struct raster raster_plain(size_t width, size_t height, struct rgb colour);

/* Quarters: red and green above, blue and white below. */
struct raster raster_quarters(size_t width, size_t height);

/* A soft pattern with some noise, from a seed. */
struct raster raster_photo(size_t width, size_t height, unsigned seed);

/* As a camera with that EXIF orientation stores the upright picture. */
struct raster raster_stored(struct raster upright, int orientation);

/* The mean of a square of 9 pixels round (x, y), in fractions of the size. */
struct rgb raster_at(struct raster r, double x, double y);

/* Fails the test unless the colours differ by at most `slack` a channel. */
void check_colour(struct rgb got, struct rgb want, int slack);

/* Bytes of a file in the making. */
struct blob {
	unsigned char *at;
	size_t len;
	size_t room; /* what blob_put has allocated, or 0 */
};

void blob_put(struct blob *b, const void *at, size_t len);
void blob_put_text(struct blob *b, const char *text);
/* Most significant byte first, or least. */
void blob_put_be(struct blob *b, uint64_t value, int bytes);
void blob_put_le(struct blob *b, uint64_t value, int bytes);
/* The first `len` bytes alone. */
struct blob blob_cut(struct blob b, size_t len);
/* A file descriptor of a file without a name. */
int blob_fd(struct blob b);
bool blob_has(struct blob b, const char *text);

enum jpeg_kind {
	JPEG_YCC,
	JPEG_444,
	JPEG_GREY,
	JPEG_RGB,
	JPEG_CMYK, /* of the raster's RGB, without black */
	JPEG_YCCK,
	JPEG_PROGRESSIVE
};

struct jpeg_extra {
	int orientation;  /* 0: no EXIF */
	bool has_secrets; /* GPS, XMP, IPTC, a comment, bytes behind the end */
	struct blob icc;
	int quality; /* 0: 95 */
};

/* What has_secrets puts into every kind of metadata. */
#define SECRET "52.5163N 13.3777E"

struct blob make_jpeg(
    struct raster r, enum jpeg_kind kind, struct jpeg_extra extra);

struct png_extra {
	int depth; /* 0 is 8 */
	bool is_interlaced;
	bool is_grey;
	bool has_alpha; /* the left half is transparent */
	bool has_secrets;
	struct blob icc;
};

struct blob make_png(struct raster r, struct png_extra extra);

/* One chunk with its checksum. */
void png_chunk(struct blob *b, const char *type, struct blob data);

/* Signature and IHDR alone. */
struct blob png_head(
    uint32_t width, uint32_t height, int depth, int colour_type);

/* `frames` times the same picture on a canvas. */
struct blob make_gif(struct raster r, int frames);

/* Header and screen, without a palette. */
struct blob gif_head(unsigned width, unsigned height);

struct blob make_webp(struct raster r, bool is_lossless, bool has_alpha);

/* An animation: the picture at (x, y), even numbers, of a canvas. */
struct blob make_webp_animation(struct raster r, int frames, size_t width,
    size_t height, size_t x, size_t y);

struct blob webp_chunks(struct blob chunks);
void webp_chunk(struct blob *b, const char *type, struct blob data);
/* VP8X's content. */
struct blob webp_extended(unsigned flags, uint32_t width, uint32_t height);

/* An ICC profile: RGB with the primaries of Display P3 and gamma 2.2, or
 * with sRGB's own primaries and curve. */
struct blob icc_display_p3(void);
struct blob icc_srgb(void);

/* What media_derive made of a file; sizes 1600, 640 and a square of 320
 * unless said otherwise. */
struct derived {
	enum err err;
	struct media_result result;
	int fds[MEDIA_SIZES_MAX];
	struct media_limits limits;
};

struct derived derive(struct blob upload);
struct derived derive_with(struct blob upload, struct media_limits limits,
    const struct media_size *sizes, size_t count);

/* Where the build put a program. */
const char *built(const char *name);

/* The bytes of picture i, and its pixels. */
struct blob derived_blob(const struct derived *d, size_t i);
struct raster derived_raster(const struct derived *d, size_t i);

struct raster read_jpeg(struct blob b);

#endif
