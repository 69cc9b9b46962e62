/* WebP beside the JPEGs: as good, and smaller, or not there. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <webp/decode.h>
#include <zlib.h>

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

/* RGBA of a WebP, or of what a browser without transparency would see. */
static unsigned char *
read_webp_alpha(struct blob b, size_t *width, size_t *height)
{
	int w = 0;
	int h = 0;
	uint8_t *rgba = WebPDecodeRGBA(b.at, b.len, &w, &h);
	cr_assert_not_null(rgba);
	*width = (size_t)w;
	*height = (size_t)h;
	unsigned char *kept = keep_alloc(*width * *height * 4);
	memcpy(kept, rgba, *width * *height * 4);
	WebPFree(rgba);
	return kept;
}

/* The pixel at fractions of the size. */
static const unsigned char *
rgba_at(struct blob b, double x, double y)
{
	size_t w;
	size_t h;
	const unsigned char *rgba = read_webp_alpha(b, &w, &h);
	return rgba +
	       ((size_t)(y * (double)h) * w + (size_t)(x * (double)w)) * 4;
}

/* Rows of colour type 6, 8 bits, each behind its filter's number. */
static struct blob
png_of_rgba(uint32_t width, uint32_t height, struct blob rows)
{
	uLongf bytes = compressBound(rows.len);
	struct blob data = {.at = keep_alloc(bytes)};
	cr_assert_eq(compress(data.at, &bytes, rows.at, rows.len), Z_OK);
	data.len = bytes;
	struct blob b = png_head(width, height, 8, 6);
	png_chunk(&b, "IDAT", data);
	png_chunk(&b, "IEND", (struct blob){0});
	return b;
}

static bool
says_alpha(const struct pair *p, size_t i)
{
	return p->webp.result.made[i].has_alpha;
}

/* Nothing on the left, red on the right. */
static struct blob
half_clear_png(size_t width, size_t height)
{
	struct raster r =
	    raster_plain(width, height, (struct rgb){200, 30, 40});
	return make_png(r, (struct png_extra){.has_alpha = true});
}

Test(webp, keeps_what_is_transparent_in_every_size)
{
	const struct media_size sizes[] = {
	    {800, false, 82}, {400, false, 82}, {200, true, 80}};
	struct blob uploads[] = {half_clear_png(1600, 1200),
	    make_webp(raster_plain(1600, 1200, (struct rgb){200, 30, 40}),
		false, true)};
	for (size_t u = 0; u < 2; u++) {
		struct pair p = make_pair(uploads[u], sizes, 3);
		for (size_t i = 0; i < 3; i++) {
			struct blob b = derived_blob(&p.webp, i);
			cr_assert(says_alpha(&p, i), "upload %zu", u);
			cr_assert_eq(rgba_at(b, .2, .5)[3], 0);
			const unsigned char *there = rgba_at(b, .8, .5);
			cr_assert_eq(there[3], 255);
			check_colour((struct rgb){there[0], there[1], there[2]},
			    (struct rgb){200, 30, 40}, 6);
		}
		/* The JPEG beside it has the background. */
		check_colour(raster_at(derived_raster(&p.jpeg, 0), .2, .5),
		    (struct rgb){255, 255, 255}, 3);
	}
}

/* Enough edges that libwebp sorts them, for which glibc asks how much memory
 * the machine has. */
Test(webp, of_a_drawing_on_nothing_stays_within_the_sandbox)
{
	const struct media_size sizes[] = {{900, false, 82}, {640, false, 82}};
	struct blob rows = {0};
	for (int y = -300; y < 300; y++) {
		blob_put_be(&rows, 0, 1);
		for (int x = -450; x < 450; x++)
			blob_put_be(
			    &rows, x * x + y * y < 40000 ? 0x101018ff : 0, 4);
	}
	struct pair p = make_pair(png_of_rgba(900, 600, rows), sizes, 2);
	for (size_t i = 0; i < 2; i++) {
		struct blob b = derived_blob(&p.webp, i);
		cr_assert_eq(rgba_at(b, .5, .5)[3], 255);
		cr_assert_eq(rgba_at(b, .1, .1)[3], 0);
	}
}

Test(webp, of_a_half_transparent_picture_has_its_own_colours)
{
	const struct media_size size = {320, false, 90};
	/* Colour type 6, 8 bits: one colour at 128 of 255. */
	struct blob rows = {0};
	for (int y = 0; y < 48; y++) {
		blob_put_be(&rows, 0, 1);
		for (int x = 0; x < 64; x++)
			blob_put(&rows, "\x1e\x5a\xc8\x80", 4);
	}
	struct pair p = make_pair(png_of_rgba(64, 48, rows), &size, 1);
	const unsigned char *got = rgba_at(derived_blob(&p.webp, 0), .5, .5);
	cr_assert_eq(got[3], 128);
	check_colour((struct rgb){got[0], got[1], got[2]},
	    (struct rgb){0x1e, 0x5a, 0xc8}, 8);
}

Test(webp, of_a_gif_on_a_larger_canvas_is_clear_round_it)
{
	const struct media_size size = {320, false, 90};
	struct blob b =
	    make_gif(raster_plain(100, 100, (struct rgb){255, 0, 0}), 1);
	b.at[6] = 200;
	struct pair p = make_pair(b, &size, 1);
	struct blob got = derived_blob(&p.webp, 0);
	cr_assert_eq(rgba_at(got, .2, .5)[3], 255);
	cr_assert_eq(rgba_at(got, .9, .5)[3], 0);
}

Test(webp, of_an_opaque_picture_with_alpha_is_opaque)
{
	const struct media_size size = {400, false, 82};
	struct blob rows = {0};
	struct raster r = scene(400, 300);
	for (size_t y = 0; y < 300; y++) {
		blob_put_be(&rows, 0, 1);
		for (size_t x = 0; x < 400; x++) {
			blob_put(&rows, r.rgb + (y * 400 + x) * 3, 3);
			blob_put_be(&rows, 255, 1);
		}
	}
	struct pair p = make_pair(png_of_rgba(400, 300, rows), &size, 1);
	cr_assert_gt(p.webp.result.made[0].bytes, 0);
	cr_assert_not(says_alpha(&p, 0));
}

Test(webp, turns_what_is_transparent_with_the_picture)
{
	const struct media_size size = {300, false, 90};
	struct blob plain = make_webp(
	    raster_plain(300, 200, (struct rgb){200, 30, 40}), false, true);
	struct blob exif = {0};
	struct blob chunks = {0};
	blob_put(&exif,
	    "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06"
	    "\0\0\0\0\0\0",
	    26);
	webp_chunk(&chunks, "VP8X", webp_extended(0x18, 300, 200));
	size_t head = memcmp(plain.at + 12, "VP8X", 4) == 0 ? 30 : 12;
	blob_put(&chunks, plain.at + head, plain.len - head);
	webp_chunk(&chunks, "EXIF", exif);
	struct pair p = make_pair(webp_chunks(chunks), &size, 1);
	struct blob got = derived_blob(&p.webp, 0);
	/* Left has become the top. */
	cr_assert_eq(rgba_at(got, .5, .2)[3], 0);
	cr_assert_eq(rgba_at(got, .5, .8)[3], 255);
}
