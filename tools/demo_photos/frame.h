/* A picture in linear light, four floats a pixel: red, green, blue and
 * coverage, colours premultiplied by coverage.
 *
 * Places are in pixels from the top left corner; the centre of the first
 * pixel is (0.5, 0.5).
 */
#ifndef DEMO_PHOTOS_FRAME_H
#define DEMO_PHOTOS_FRAME_H

#include "vec.h"

#include <stdbool.h>
#include <stddef.h>

struct frame {
	int width, height;
	size_t capacity; /* pixels that fit */
	float *px;
};

/* False when memory is short; `frame_free` undoes it. */
bool frame_make(struct frame *frame, size_t capacity);

void frame_free(struct frame *frame);

/* Takes on a new size, which must fit, and is cleared to nothing. */
void frame_shape(struct frame *frame, int width, int height);

static inline float *
frame_at(const struct frame *frame, int x, int y)
{
	return frame->px + ((size_t)y * (size_t)frame->width + (size_t)x) * 4;
}

static inline struct rgb
frame_rgb(const struct frame *frame, int x, int y)
{
	const float *p = frame_at(frame, x, y);
	return (struct rgb){p[0], p[1], p[2]};
}

/* Covers the pixel with colour by `cover`, 0 .. 1. */
static inline void
frame_lay(const struct frame *frame, int x, int y, struct rgb c, float cover)
{
	float *p = frame_at(frame, x, y);
	p[0] += (c.r - p[0]) * cover;
	p[1] += (c.g - p[1]) * cover;
	p[2] += (c.b - p[2]) * cover;
	p[3] += (1.0f - p[3]) * cover;
}

/* Bilinear, the border repeated outside; writes all four channels. */
void frame_sample(const struct frame *frame, float x, float y, float out[4]);

struct rgb frame_colour(const struct frame *frame, float x, float y);

typedef struct rgb shade_fn(const void *scene, float x, float y);

/* Fills the frame from a function of place, with more samples where
 * neighbours differ. */
void frame_shade(struct frame *frame, shade_fn *shade, const void *scene);

/* Nearly Gaussian blur; `spare` is scratch and takes the frame's size. */
void frame_blur(struct frame *frame, struct frame *spare, float sigma);

/* Blur by a round aperture: bright points become discs. */
void frame_defocus(struct frame *frame, struct frame *spare, float radius);

/* Fills `to` with `from`, scaled (bilinear). */
void frame_stretch(const struct frame *to, const struct frame *from);

/* Lays `upper`, scaled to fit, over `lower`. */
void frame_over(const struct frame *lower, const struct frame *upper);

/* Adds an out-of-focus point of light: a disc, a little brighter at its
 * rim. */
void frame_light(const struct frame *frame, float x, float y, float radius,
    struct rgb light);

/* Adds a Gaussian spot. */
void frame_glow(
    const struct frame *frame, float x, float y, float sigma, struct rgb light);

#endif
