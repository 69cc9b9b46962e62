/* Pictures in linear light: see frame.h. */
#include "frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool
frame_make(struct frame *frame, size_t capacity)
{
	float *px = malloc(capacity * 4 * sizeof *px);
	if (!px)
		return false;
	*frame = (struct frame){0, 0, capacity, px};
	return true;
}

void
frame_free(struct frame *frame)
{
	free(frame->px);
	*frame = (struct frame){0};
}

void
frame_shape(struct frame *frame, int width, int height)
{
	size_t count = (size_t)width * (size_t)height;
	assert(width > 0 && height > 0 && count <= frame->capacity);
	frame->width = width;
	frame->height = height;
	memset(frame->px, 0, count * 4 * sizeof *frame->px);
}

void
frame_sample(const struct frame *f, float x, float y, float out[4])
{
	x = clampf(x - 0.5f, 0.0f, (float)(f->width - 1));
	y = clampf(y - 0.5f, 0.0f, (float)(f->height - 1));
	int ix = (int)x, iy = (int)y;
	float tx = x - (float)ix, ty = y - (float)iy;
	const float *a = frame_at(f, ix, iy);
	const float *b = ix + 1 < f->width ? a + 4 : a;
	size_t down = iy + 1 < f->height ? (size_t)f->width * 4 : 0;
	for (int i = 0; i < 4; i++) {
		float above = mixf(a[i], b[i], tx);
		float below =
		    mixf(a[down + (size_t)i], b[down + (size_t)i], tx);
		out[i] = mixf(above, below, ty);
	}
}

struct rgb
frame_colour(const struct frame *frame, float x, float y)
{
	float p[4];
	frame_sample(frame, x, y, p);
	return (struct rgb){p[0], p[1], p[2]};
}

/* How bright the eye finds it, roughly; enough to see edges by. */
static float
lightness(const float *p)
{
	float y = 0.25f * p[0] + 0.6f * p[1] + 0.15f * p[2];
	return y / (y + 0.25f);
}

static bool
is_edge(const struct frame *f, int x, int y)
{
	float lo = 9, hi = -9;
	for (int j = -1; j <= 1; j++) {
		for (int i = -1; i <= 1; i++) {
			int nx = x + i, ny = y + j;
			if (nx < 0 || ny < 0 || nx >= f->width ||
			    ny >= f->height)
				continue;
			float l = lightness(frame_at(f, nx, ny));
			lo = l < lo ? l : lo;
			hi = l > hi ? l : hi;
		}
	}
	return hi - lo > 0.06f;
}

void
frame_shade(struct frame *frame, shade_fn *shade, const void *scene)
{
	static const float spot[4][2] = {{-0.125f, -0.375f}, {0.375f, -0.125f},
	    {0.125f, 0.375f}, {-0.375f, 0.125f}};
	for (int y = 0; y < frame->height; y++) {
		for (int x = 0; x < frame->width; x++) {
			struct rgb c =
			    shade(scene, (float)x + 0.5f, (float)y + 0.5f);
			float *p = frame_at(frame, x, y);
			p[0] = c.r;
			p[1] = c.g;
			p[2] = c.b;
			p[3] = 1.0f;
		}
	}
	/* Coverage marks the edges first: a smoothed pixel must not
	 * hide an edge from its neighbour. */
	for (int y = 0; y < frame->height; y++)
		for (int x = 0; x < frame->width; x++)
			if (is_edge(frame, x, y))
				frame_at(frame, x, y)[3] = 2.0f;
	for (int y = 0; y < frame->height; y++) {
		for (int x = 0; x < frame->width; x++) {
			float *p = frame_at(frame, x, y);
			if (p[3] < 1.5f)
				continue;
			struct rgb c = {p[0], p[1], p[2]};
			for (int i = 0; i < 4; i++)
				c = rgb_add(c,
				    shade(scene, (float)x + 0.5f + spot[i][0],
					(float)y + 0.5f + spot[i][1]));
			p[0] = c.r * 0.2f;
			p[1] = c.g * 0.2f;
			p[2] = c.b * 0.2f;
			p[3] = 1.0f;
		}
	}
}

/* One running-mean pass along rows, turned on its side while writing, so
 * that two calls do rows and columns. */
static void
box_turn(const struct frame *from, struct frame *to, int radius)
{
	to->width = from->height;
	to->height = from->width;
	float scale = 1.0f / (float)(2 * radius + 1);
	int last = from->width - 1;
	for (int y = 0; y < from->height; y++) {
		float sum[4] = {0};
		for (int k = -radius; k <= radius; k++) {
			int x = k < 0 ? 0 : k > last ? last : k;
			for (int i = 0; i < 4; i++)
				sum[i] += frame_at(from, x, y)[i];
		}
		for (int x = 0; x <= last; x++) {
			int in = x + radius + 1 > last ? last : x + radius + 1;
			int out = x - radius < 0 ? 0 : x - radius;
			const float *gain = frame_at(from, in, y);
			const float *loss = frame_at(from, out, y);
			float *p = frame_at(to, y, x);
			for (int i = 0; i < 4; i++) {
				p[i] = sum[i] * scale;
				sum[i] += gain[i] - loss[i];
			}
		}
	}
}

void
frame_blur(struct frame *frame, struct frame *spare, float sigma)
{
	assert(spare->capacity >= (size_t)frame->width * (size_t)frame->height);
	/* Three box filters of this radius have about that deviation. */
	int radius = (int)lroundf(sigma);
	if (radius < 1)
		radius = 1;
	for (int pass = 0; pass < 3; pass++) {
		box_turn(frame, spare, radius);
		box_turn(spare, frame, radius);
	}
}

/* Sums along each row, so that any run of pixels is one difference. */
static void
row_sums(const struct frame *from, struct frame *to)
{
	for (int y = 0; y < from->height; y++) {
		float sum[4] = {0};
		for (int x = 0; x < from->width; x++) {
			const float *p = frame_at(from, x, y);
			float *q = frame_at(to, x, y);
			for (int i = 0; i < 4; i++)
				q[i] = sum[i] += p[i];
		}
	}
}

void
frame_defocus(struct frame *frame, struct frame *spare, float radius)
{
	if (radius < 0.75f)
		return;
	frame_shape(spare, frame->width, frame->height);
	row_sums(frame, spare);
	int reach = (int)radius, last = frame->width - 1;
	for (int y = 0; y < frame->height; y++) {
		for (int x = 0; x <= last; x++) {
			float sum[4] = {0}, count = 0;
			for (int j = -reach; j <= reach; j++) {
				int ny = y + j;
				if (ny < 0 || ny >= frame->height)
					continue;
				int half = (int)sqrtf(
				    radius * radius - (float)(j * j));
				int a = x - half - 1, b = x + half;
				b = b > last ? last : b;
				const float *hi = frame_at(spare, b, ny);
				for (int i = 0; i < 4; i++)
					sum[i] += hi[i];
				if (a >= 0) {
					const float *lo =
					    frame_at(spare, a, ny);
					for (int i = 0; i < 4; i++)
						sum[i] -= lo[i];
				}
				count += (float)(b - (a < -1 ? -1 : a));
			}
			float *p = frame_at(frame, x, y);
			for (int i = 0; i < 4; i++)
				p[i] = sum[i] / count;
		}
	}
}

void
frame_stretch(const struct frame *to, const struct frame *from)
{
	float kx = (float)from->width / (float)to->width;
	float ky = (float)from->height / (float)to->height;
	for (int y = 0; y < to->height; y++)
		for (int x = 0; x < to->width; x++)
			frame_sample(from, ((float)x + 0.5f) * kx,
			    ((float)y + 0.5f) * ky, frame_at(to, x, y));
}

void
frame_over(const struct frame *lower, const struct frame *upper)
{
	float kx = (float)upper->width / (float)lower->width;
	float ky = (float)upper->height / (float)lower->height;
	for (int y = 0; y < lower->height; y++) {
		for (int x = 0; x < lower->width; x++) {
			float top[4];
			frame_sample(upper, ((float)x + 0.5f) * kx,
			    ((float)y + 0.5f) * ky, top);
			float *p = frame_at(lower, x, y);
			for (int i = 0; i < 4; i++)
				p[i] = top[i] + p[i] * (1.0f - top[3]);
		}
	}
}

struct box {
	int x0, y0, x1, y1;
};

static struct box
box_around(const struct frame *f, float x, float y, float reach)
{
	struct box b = {floori(x - reach), floori(y - reach),
	    floori(x + reach) + 1, floori(y + reach) + 1};
	b.x0 = b.x0 < 0 ? 0 : b.x0;
	b.y0 = b.y0 < 0 ? 0 : b.y0;
	b.x1 = b.x1 > f->width ? f->width : b.x1;
	b.y1 = b.y1 > f->height ? f->height : b.y1;
	return b;
}

void
frame_light(
    const struct frame *f, float cx, float cy, float radius, struct rgb light)
{
	struct box b = box_around(f, cx, cy, radius + 1);
	for (int y = b.y0; y < b.y1; y++) {
		for (int x = b.x0; x < b.x1; x++) {
			float dx = (float)x + 0.5f - cx;
			float dy = (float)y + 0.5f - cy;
			float d = sqrtf(dx * dx + dy * dy);
			float k = clampf((radius - d) * 0.7f + 0.5f, 0, 1);
			k *= 0.78f + 0.4f * powf(d / (radius + 1), 6.0f);
			float *p = frame_at(f, x, y);
			p[0] += light.r * k;
			p[1] += light.g * k;
			p[2] += light.b * k;
		}
	}
}

void
frame_glow(
    const struct frame *f, float cx, float cy, float sigma, struct rgb light)
{
	struct box b = box_around(f, cx, cy, sigma * 3.2f + 1);
	float scale = -0.5f / (sigma * sigma);
	for (int y = b.y0; y < b.y1; y++) {
		for (int x = b.x0; x < b.x1; x++) {
			float dx = (float)x + 0.5f - cx;
			float dy = (float)y + 0.5f - cy;
			float k = expf((dx * dx + dy * dy) * scale);
			float *p = frame_at(f, x, y);
			p[0] += light.r * k;
			p[1] += light.g * k;
			p[2] += light.b * k;
		}
	}
}
