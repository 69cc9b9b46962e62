/* How near a picture is to what it should be.
 *
 *	score SOURCE.ppm PICTURE.ppm whole|square
 *
 * Shrinks the source (binary PPM) to the picture's size by Lanczos with three
 * lobes in double precision and prints PSNR over the three channels, in dB,
 * and the mean SSIM of the luma in windows of 8 x 8 (Wang et al., 2004).
 * `square`: the picture shows the middle square of the source.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct image {
	int width;
	int height;
	double *at; /* RGB */
};

static struct image
image_make(int width, int height)
{
	struct image i = {width, height,
	    calloc((size_t)width * (size_t)height * 3, sizeof *i.at)};
	if (i.at == NULL)
		exit(1);
	return i;
}

static struct image
image_read(const char *path)
{
	int width;
	int height;
	FILE *f = fopen(path, "rb");
	if (f == NULL || fscanf(f, "P6 %d %d 255", &width, &height) != 2 ||
	    getc(f) == EOF || width < 1 || height < 1 || width > 100000 ||
	    height > 100000) {
		(void)fprintf(stderr, "score: %s is no PPM\n", path);
		exit(1);
	}
	struct image i = image_make(width, height);
	size_t n = (size_t)width * (size_t)height * 3;
	for (size_t k = 0; k < n; k++)
		i.at[k] = getc(f);
	(void)fclose(f);
	return i;
}

static double
lanczos(double x)
{
	if (x == 0)
		return 1;
	if (fabs(x) >= 3)
		return 0;
	double a = M_PI * x;
	return 3 * sin(a) * sin(a / 3) / (a * a);
}

/* `cover` source pixels from `from` on become the target's width; the result
 * is turned, so that a second call does the other axis. */
static struct image
shrink_across(struct image in, double from, double cover, int target)
{
	struct image out = image_make(in.height, target);
	double step = cover / target;
	double scale = fmax(1, step);
	for (int j = 0; j < target; j++) {
		double middle = from + (j + 0.5) * step;
		int low = (int)fmax(0, floor(middle - 3 * scale));
		int high = (int)fmin(in.width - 1, ceil(middle + 3 * scale));
		double sum = 0;
		for (int i = low; i <= high; i++)
			sum += lanczos((i + 0.5 - middle) / scale);
		for (int i = low; i <= high; i++) {
			double w = lanczos((i + 0.5 - middle) / scale) / sum;
			for (int y = 0; y < in.height; y++)
				for (int c = 0; c < 3; c++)
					out.at[(j * in.height + y) * 3 + c] +=
					    w *
					    in.at[(y * in.width + i) * 3 + c];
		}
	}
	return out;
}

static struct image
shrink(struct image in, int width, int height, bool is_square)
{
	double side = fmin(in.width, in.height);
	double across = is_square ? side : in.width;
	double down = is_square ? side : in.height;
	struct image half =
	    shrink_across(in, (in.width - across) / 2, across, width);
	struct image out =
	    shrink_across(half, (half.width - down) / 2, down, height);
	free(half.at);
	size_t n = (size_t)width * (size_t)height * 3;
	for (size_t k = 0; k < n; k++)
		out.at[k] = fmin(fmax(out.at[k], 0), 255);
	return out;
}

static double
psnr(struct image a, struct image b)
{
	size_t n = (size_t)a.width * (size_t)a.height * 3;
	double sum = 0;
	for (size_t k = 0; k < n; k++)
		sum += (a.at[k] - b.at[k]) * (a.at[k] - b.at[k]);
	return 10 * log10(255.0 * 255.0 * (double)n / sum);
}

static double
luma(struct image i, int x, int y)
{
	const double *p = i.at + ((size_t)y * (size_t)i.width + (size_t)x) * 3;
	return 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

enum {
	WINDOW = 8
};

static double
ssim_at(struct image a, struct image b, int x0, int y0)
{
	double ma = 0;
	double mb = 0;
	double aa = 0;
	double bb = 0;
	double ab = 0;
	const double n = WINDOW * WINDOW;
	for (int y = y0; y < y0 + WINDOW; y++)
		for (int x = x0; x < x0 + WINDOW; x++) {
			double p = luma(a, x, y);
			double q = luma(b, x, y);
			ma += p / n;
			mb += q / n;
			aa += p * p / n;
			bb += q * q / n;
			ab += p * q / n;
		}
	const double c1 = 6.5025;
	const double c2 = 58.5225;
	return (2 * ma * mb + c1) * (2 * (ab - ma * mb) + c2) /
	       ((ma * ma + mb * mb + c1) * (aa - ma * ma + bb - mb * mb + c2));
}

static double
ssim(struct image a, struct image b)
{
	double sum = 0;
	int n = 0;
	for (int y = 0; y + WINDOW <= a.height; y += 4)
		for (int x = 0; x + WINDOW <= a.width; x += 4) {
			sum += ssim_at(a, b, x, y);
			n++;
		}
	return n == 0 ? 1 : sum / n;
}

int
main(int argc, char **argv)
{
	if (argc != 4) {
		(void)fprintf(stderr,
		    "usage: score SOURCE.ppm PICTURE.ppm whole|square\n");
		return 2;
	}
	struct image source = image_read(argv[1]);
	struct image picture = image_read(argv[2]);
	struct image want = shrink(source, picture.width, picture.height,
	    strcmp(argv[3], "square") == 0);
	(void)printf("%.2f %.4f\n", psnr(want, picture), ssim(want, picture));
	return 0;
}
