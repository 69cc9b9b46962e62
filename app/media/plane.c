/* Planes and frames: memory, transposition, means. */
#include "media/plane.h"

#include <stdlib.h>

enum err
plane_make(struct plane *p, size_t width, size_t height)
{
	size_t stride = (width + PLANE_SLACK + 15) & ~(size_t)15;

	p->at = calloc(height, stride);
	if (p->at == NULL)
		return ERR_MEMORY;
	p->width = width;
	p->height = height;
	p->stride = stride;
	return OK;
}

void
plane_free(struct plane *p)
{
	free(p->at);
	*p = (struct plane){0};
}

enum {
	TILE = 16
};

static void
transpose_tile(const struct plane *in, struct plane *out, size_t x0, size_t y0)
{
	size_t x1 = x0 + TILE < in->width ? x0 + TILE : in->width;
	size_t y1 = y0 + TILE < in->height ? y0 + TILE : in->height;
	for (size_t x = x0; x < x1; x++) {
		uint8_t *to = out->at + x * out->stride;
		for (size_t y = y0; y < y1; y++)
			to[y] = in->at[y * in->stride + x];
	}
}

enum err
plane_transpose(const struct plane *in, struct plane *out)
{
	TRY(plane_make(out, in->height, in->width));
	for (size_t y = 0; y < in->height; y += TILE)
		for (size_t x = 0; x < in->width; x += TILE)
			transpose_tile(in, out, x, y);
	return OK;
}

double
plane_mean(const struct plane *p)
{
	uint64_t sum = 0;
	for (size_t y = 0; y < p->height; y++) {
		const uint8_t *row = p->at + y * p->stride;
		uint32_t part = 0; /* 65,500 * 255 fits */
		for (size_t x = 0; x < p->width; x++)
			part += row[x];
		sum += part;
	}
	return (double)sum / (double)(p->width * p->height);
}

int
plane_least(const struct plane *p)
{
	int least = 255;
	for (size_t y = 0; y < p->height; y++) {
		const uint8_t *row = p->at + y * p->stride;
		for (size_t x = 0; x < p->width; x++)
			least = row[x] < least ? row[x] : least;
	}
	return least;
}

enum err
frame_make(struct frame *f, size_t count, size_t width, size_t height)
{
	struct frame made = {.count = count};
	for (size_t i = 0; i < count; i++) {
		size_t w = i == 0 ? width : (width + 1) / 2;
		size_t h = i == 0 ? height : (height + 1) / 2;
		enum err e = plane_make(&made.planes[i], w, h);
		if (e != OK) {
			frame_free(&made);
			return e;
		}
	}
	*f = made;
	return OK;
}

void
frame_free(struct frame *f)
{
	for (size_t i = 0; i < PLANES_MAX; i++)
		plane_free(&f->planes[i]);
	*f = (struct frame){0};
}

static int
two_bits(double level)
{
	return level < 64 ? 0 : level < 128 ? 1 : level < 192 ? 2 : 3;
}

int
frame_colour(const struct frame *f)
{
	double y = plane_mean(&f->planes[0]);
	double cb = 0;
	double cr = 0;
	if (f->count == 3) {
		cb = plane_mean(&f->planes[1]) - 128;
		cr = plane_mean(&f->planes[2]) - 128;
	}
	int r = two_bits(y + 1.402 * cr);
	int g = two_bits(y - 0.344136 * cb - 0.714136 * cr);
	int b = two_bits(y + 1.772 * cb);
	return r << 4 | g << 2 | b;
}
