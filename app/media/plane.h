/* Pixels in planes: one rectangle of bytes for each colour component.
 *
 * Decoder child only.  A frame is what the encoder takes: a grey plane, or
 * Y, Cb and Cr of JFIF (full range, BT.601), the two chroma planes at half
 * the width and height, rounded up; chroma sample i lies midway between the
 * luma samples 2i and 2i + 1.
 */
#ifndef PIXLPIX_MEDIA_PLANE_H
#define PIXLPIX_MEDIA_PLANE_H

#include "base/str.h"

enum {
	PLANES_MAX = 4,
	FRAME_ALPHA = 3, /* where a frame's transparency is, as large as Y */
	PLANE_SLACK = 32 /* readable bytes past the end of a row */
};

struct plane {
	uint8_t *at;
	size_t width;
	size_t height;
	size_t stride; /* a multiple of 16, at least width + PLANE_SLACK */
};

/* Where a picture is transparent the planes hold it as it looks on the
 * background. */
struct frame {
	struct plane planes[PLANES_MAX];
	size_t count;   /* 1: grey; 3: YCbCr 4:2:0 */
	bool has_alpha; /* planes[FRAME_ALPHA] is there: 255 is opaque */
};

/* Zeroed; width and height from 1 to 65,500.  ERR_MEMORY. */
enum err plane_make(struct plane *p, size_t width, size_t height);

/* Takes the memory back; {0} is allowed. */
void plane_free(struct plane *p);

/* out(x, y) = in(y, x); `out` is made here. */
enum err plane_transpose(const struct plane *in, struct plane *out);

/* The least of all samples. */
int plane_least(const struct plane *p);

/* The mean of all samples. */
double plane_mean(const struct plane *p);

/* Planes of a frame of width x height; count 1 or 3. */
enum err frame_make(struct frame *f, size_t count, size_t width, size_t height);

void frame_free(struct frame *f);

/* The mean colour with 2 bits a channel: r>>6<<4 | g>>6<<2 | b>>6. */
int frame_colour(const struct frame *f);

#endif
