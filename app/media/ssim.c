/* SSIM in plain windows, all integers until the end of each. */
#include "media/ssim.h"

enum {
	WINDOW = 8,
	STEP = 4
};

struct sums {
	uint32_t a;
	uint32_t b;
	uint32_t aa;
	uint32_t bb;
	uint32_t ab;
};

static struct sums
window_sums(const struct plane *a, const struct plane *b, size_t x, size_t y,
    size_t width, size_t height)
{
	struct sums s = {0};
	for (size_t j = y; j < y + height; j++) {
		const uint8_t *p = a->at + j * a->stride + x;
		const uint8_t *q = b->at + j * b->stride + x;
		for (size_t i = 0; i < width; i++) {
			uint32_t u = p[i];
			uint32_t v = q[i];
			s.a += u;
			s.b += v;
			s.aa += u * u;
			s.bb += v * v;
			s.ab += u * v;
		}
	}
	return s;
}

static double
window_ssim(const struct sums *s, double n)
{
	const double c1 = (.01 * 255) * (.01 * 255);
	const double c2 = (.03 * 255) * (.03 * 255);
	double ma = s->a / n;
	double mb = s->b / n;
	double va = s->aa / n - ma * ma;
	double vb = s->bb / n - mb * mb;
	double cov = s->ab / n - ma * mb;
	return (2 * ma * mb + c1) * (2 * cov + c2) /
	       ((ma * ma + mb * mb + c1) * (va + vb + c2));
}

double
ssim_planes(const struct plane *a, const struct plane *b)
{
	size_t width = a->width < WINDOW ? a->width : WINDOW;
	size_t height = a->height < WINDOW ? a->height : WINDOW;
	double sum = 0;
	double count = 0;
	for (size_t y = 0; y + height <= a->height; y += STEP)
		for (size_t x = 0; x + width <= a->width; x += STEP) {
			struct sums s = window_sums(a, b, x, y, width, height);
			sum += window_ssim(&s, (double)(width * height));
			count++;
		}
	return sum / count;
}

double
ssim_frames(const struct frame *a, const struct frame *b)
{
	double luma = ssim_planes(&a->planes[0], &b->planes[0]);
	if (a->count == 1)
		return luma;
	return (6 * luma + ssim_planes(&a->planes[1], &b->planes[1]) +
		   ssim_planes(&a->planes[2], &b->planes[2])) /
	       8;
}
