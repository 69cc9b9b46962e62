/* WebP beside the JPEGs: as good, and smaller, or not there. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <webp/decode.h>

struct pair {
	struct derived jpeg;
	struct derived webp;
};

static struct pair
make_pair(struct blob upload, const struct media_size *sizes, size_t count)
{
	struct pair p = {
	    .jpeg = derive_with(upload, media_limits_default(), sizes, count)};
	struct media_task task = {.in_fd = blob_fd(upload),
	    .sizes = sizes,
	    .count = count,
	    .format = MEDIA_AS_WEBP,
	    .out_fds = p.webp.fds,
	    .original_fd = -1};
	p.webp.limits = media_limits_default();
	for (size_t i = 0; i < count; i++)
		p.webp.fds[i] = blob_fd((struct blob){0});
	p.webp.err = media_run(
	    &p.webp.limits, built("pixlpix-decode"), &task, &p.webp.result);
	cr_assert_eq(p.webp.err, OK);
	(void)close(task.in_fd);
	return p;
}

static struct raster
read_webp(struct blob b)
{
	int width = 0;
	int height = 0;
	uint8_t *rgb = WebPDecodeRGB(b.at, b.len, &width, &height);
	cr_assert_not_null(rgb);
	struct raster r = {(size_t)width, (size_t)height,
	    keep_alloc((size_t)width * (size_t)height * 3)};
	memcpy(r.rgb, rgb, r.width * r.height * 3);
	WebPFree(rgb);
	return r;
}

/* In dB, of the two against each other. */
static double
likeness(struct raster a, struct raster b)
{
	double sum = 0;
	cr_assert(a.width == b.width && a.height == b.height);
	for (size_t i = 0; i < a.width * a.height * 3; i++)
		sum += ((double)a.rgb[i] - b.rgb[i]) *
		       ((double)a.rgb[i] - b.rgb[i]);
	return 10 * log10(65025 / (sum / (double)(a.width * a.height * 3)));
}

/* Slopes with edges between them, as most photographs have. */
static struct raster
scene(size_t width, size_t height)
{
	struct raster r = raster_plain(width, height, (struct rgb){0, 0, 0});
	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x++) {
			unsigned char *p = r.rgb + (y * width + x) * 3;
			bool is_inside = (x / 41 + (x + 2 * y) / 67) % 2 == 0;
			size_t slope = (x + y) * 90 / (width + height);
			p[0] = (unsigned char)(is_inside ? 40 + slope : 200);
			p[1] = (unsigned char)(60 + slope);
			p[2] = (unsigned char)(is_inside ? 150 : 60 + slope);
		}
	return r;
}

Test(webp, has_the_same_pixels_in_fewer_bytes)
{
	const struct media_size sizes[] = {
	    {800, false, 82}, {400, false, 82}, {200, true, 80}};
	struct raster r = scene(1600, 1200);
	struct pair p = make_pair(make_png(r, (struct png_extra){0}), sizes, 3);
	for (size_t i = 0; i < 3; i++) {
		struct blob b = derived_blob(&p.webp, i);
		cr_assert_gt(b.len, 0);
		cr_assert_eq((int64_t)b.len, p.webp.result.made[i].bytes);
		cr_assert_leq(
		    (int64_t)b.len * 100, p.jpeg.result.made[i].bytes * 95);
		cr_assert_gt(
		    likeness(read_webp(b), derived_raster(&p.jpeg, i)), 26);
	}
}

Test(webp, is_as_near_to_what_was_sent_as_the_jpeg)
{
	const struct media_size size = {640, false, 82};
	struct raster r = scene(640, 480);
	struct pair p = make_pair(make_png(r, (struct png_extra){0}), &size, 1);
	double jpeg = likeness(derived_raster(&p.jpeg, 0), r);
	double webp = likeness(read_webp(derived_blob(&p.webp, 0)), r);
	cr_assert_gt(webp, jpeg - .5, "%f dB, the JPEG %f", webp, jpeg);
}

Test(webp, of_a_grey_picture_is_grey)
{
	const struct media_size size = {320, false, 82};
	struct raster r = scene(640, 480);
	struct pair p = make_pair(
	    make_jpeg(r, JPEG_GREY, (struct jpeg_extra){0}), &size, 1);
	struct raster got = read_webp(derived_blob(&p.webp, 0));
	for (size_t i = 0; i < got.width * got.height * 3; i += 3) {
		cr_assert_leq(abs(got.rgb[i] - got.rgb[i + 1]), 1);
		cr_assert_leq(abs(got.rgb[i] - got.rgb[i + 2]), 1);
	}
}

Test(webp, is_upright_like_the_jpeg)
{
	const struct media_size size = {300, false, 90};
	struct raster r = scene(600, 400);
	struct pair p = make_pair(make_jpeg(raster_stored(r, 6), JPEG_YCC,
				      (struct jpeg_extra){.orientation = 6}),
	    &size, 1);
	struct raster got = read_webp(derived_blob(&p.webp, 0));
	cr_assert_gt(likeness(got, derived_raster(&p.jpeg, 0)), 26);
}

/* Noise at a quality that keeps all of it is what WebP is bad at. */
Test(webp, that_would_be_no_smaller_is_not_there)
{
	const struct media_size size = {400, false, 98};
	struct raster r = raster_plain(400, 300, (struct rgb){0, 0, 0});
	uint32_t state = 1;
	for (size_t i = 0; i < r.width * r.height * 3; i++) {
		state = state * 1664525U + 1013904223U;
		r.rgb[i] = (unsigned char)(state >> 24);
	}
	struct pair p = make_pair(make_png(r, (struct png_extra){0}), &size, 1);
	cr_assert_eq(p.webp.result.made[0].bytes, 0);
	cr_assert_eq(derived_blob(&p.webp, 0).len, 0);
}
