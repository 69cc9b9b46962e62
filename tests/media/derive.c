/* What comes out of a good upload. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static void
check_size(const struct derived *d, size_t i, int64_t width, int64_t height)
{
	cr_assert_eq(d->err, OK, "%s %s", err_name(d->err),
	    media_refusal_name(d->result.refusal));
	struct media_picture p = d->result.made[i];
	cr_assert(p.width_px == width && p.height_px == height,
	    "picture %zu is %lld x %lld, not %lld x %lld", i,
	    (long long)p.width_px, (long long)p.height_px, (long long)width,
	    (long long)height);
	struct blob b = derived_blob(d, i);
	struct raster r = read_jpeg(b);
	cr_assert_eq((int64_t)r.width, width);
	cr_assert_eq((int64_t)r.height, height);
	cr_assert_eq((int64_t)b.len, p.bytes);
}

static void
check_quarters(struct raster r)
{
	check_colour(raster_at(r, .25, .25), (struct rgb){230, 20, 20}, 8);
	check_colour(raster_at(r, .75, .25), (struct rgb){20, 200, 20}, 8);
	check_colour(raster_at(r, .25, .75), (struct rgb){20, 20, 220}, 8);
	check_colour(raster_at(r, .75, .75), (struct rgb){250, 250, 250}, 8);
}

Test(derive, three_sizes_of_a_landscape)
{
	struct derived d = derive(make_jpeg(
	    raster_photo(2400, 1801, 1), JPEG_YCC, (struct jpeg_extra){0}));
	check_size(&d, 0, 1600, 1201);
	check_size(&d, 1, 640, 480);
	check_size(&d, 2, 320, 320);
	cr_assert_eq(d.result.width_px, 2400);
	cr_assert_eq(d.result.height_px, 1801);
	cr_assert_eq(d.result.kind, MEDIA_KIND_JPEG);
	cr_assert_not(d.result.is_animated);
}

Test(derive, three_sizes_of_a_portrait)
{
	struct derived d = derive(make_jpeg(
	    raster_photo(901, 1800, 2), JPEG_444, (struct jpeg_extra){0}));
	check_size(&d, 0, 801, 1600);
	check_size(&d, 1, 320, 640);
	check_size(&d, 2, 320, 320);
}

Test(derive, a_small_picture_is_never_enlarged)
{
	struct derived d = derive(make_jpeg(
	    raster_quarters(300, 201), JPEG_YCC, (struct jpeg_extra){0}));
	check_size(&d, 0, 300, 201);
	check_size(&d, 1, 300, 201);
	check_size(&d, 2, 201, 201);
}

Test(derive, one_pixel_is_a_picture)
{
	struct raster r = raster_plain(1, 1, (struct rgb){200, 100, 50});
	struct blob all[] = {make_jpeg(r, JPEG_YCC, (struct jpeg_extra){0}),
	    make_png(r, (struct png_extra){0}), make_gif(r, 1),
	    make_webp(r, true, false)};
	for (size_t i = 0; i < 4; i++) {
		struct derived d = derive(all[i]);
		check_size(&d, 0, 1, 1);
		check_size(&d, 2, 1, 1);
		check_colour(raster_at(derived_raster(&d, 0), 0, 0),
		    (struct rgb){200, 100, 50}, 10);
	}
}

Test(derive, a_very_wide_picture_keeps_at_least_a_row)
{
	struct derived d =
	    derive(make_jpeg(raster_plain(9000, 2, (struct rgb){90, 90, 90}),
		JPEG_YCC, (struct jpeg_extra){0}));
	check_size(&d, 0, 1600, 1);
	check_size(&d, 1, 640, 1);
	check_size(&d, 2, 2, 2);
}

Test(derive, sizes_and_their_order_are_the_callers)
{
	const struct media_size sizes[] = {{96, true, 80}, {100, false, 70},
	    {320, true, 80}, {500, false, 90}};
	struct derived d = derive_with(make_jpeg(raster_quarters(1000, 700),
					   JPEG_YCC, (struct jpeg_extra){0}),
	    media_limits_default(), sizes, 4);
	check_size(&d, 0, 96, 96);
	check_size(&d, 1, 100, 70);
	check_size(&d, 2, 320, 320);
	check_size(&d, 3, 500, 350);
	for (size_t i = 0; i < 4; i++)
		check_quarters(derived_raster(&d, i));
}

Test(derive, squares_alone_are_as_good)
{
	const struct media_size sizes[] = {{320, true, 80}, {96, true, 80}};
	struct derived d = derive_with(make_jpeg(raster_quarters(4001, 3000),
					   JPEG_YCC, (struct jpeg_extra){0}),
	    media_limits_default(), sizes, 2);
	check_size(&d, 0, 320, 320);
	check_size(&d, 1, 96, 96);
	check_quarters(derived_raster(&d, 0));
}

Test(derive, quality_decides_the_bytes)
{
	const struct media_size sizes[] = {{800, false, 40}, {799, false, 95}};
	struct derived d = derive_with(make_jpeg(raster_photo(1000, 700, 3),
					   JPEG_YCC, (struct jpeg_extra){0}),
	    media_limits_default(), sizes, 2);
	cr_assert_eq(d.err, OK);
	cr_assert_lt(d.result.made[0].bytes * 2, d.result.made[1].bytes);
}

Test(derive, the_square_is_the_middle)
{
	/* Red ends, a green middle. */
	struct raster r = raster_plain(900, 300, (struct rgb){20, 200, 20});
	for (size_t y = 0; y < 300; y++)
		for (size_t x = 0; x < 900; x++)
			if (x < 297 || x >= 603)
				memcpy(r.rgb + (y * 900 + x) * 3,
				    "\xe6\x14\x14", 3);
	struct derived d =
	    derive(make_jpeg(r, JPEG_444, (struct jpeg_extra){0}));
	struct raster square = derived_raster(&d, 2);
	cr_assert_eq(square.width, 300);
	for (int i = 0; i < 9; i++)
		check_colour(raster_at(square, .02 + .12 * i, .5),
		    (struct rgb){20, 200, 20}, 12);
}

static void
check_orientation(
    int orientation, enum jpeg_kind kind, size_t width, size_t height)
{
	struct derived d = derive(make_jpeg(
	    raster_stored(raster_quarters(width, height), orientation), kind,
	    (struct jpeg_extra){.orientation = orientation}));
	cr_assert_eq(d.result.width_px, (int64_t)width);
	cr_assert_eq(d.result.height_px, (int64_t)height);
	for (size_t i = 0; i < 3; i++)
		check_quarters(derived_raster(&d, i));
	cr_assert_eq(d.result.made[2].width_px, d.result.made[2].height_px);
}

Test(derive, all_eight_orientations_come_out_upright)
{
	for (int o = 1; o <= 8; o++)
		check_orientation(o, JPEG_YCC, 401, 267);
}

Test(derive, orientation_holds_for_grey_planes_and_large_pictures)
{
	for (int o = 1; o <= 8; o++) {
		check_orientation(o, JPEG_YCC, 2001, 1203);
		check_orientation(o, JPEG_RGB, 401, 267);
	}
}

/* The mean difference of two pictures of one size. */
static double
difference(struct raster a, struct raster b)
{
	cr_assert_eq(a.width, b.width);
	cr_assert_eq(a.height, b.height);
	double sum = 0;
	for (size_t i = 0; i < a.width * a.height * 3; i++)
		sum += fabs((double)a.rgb[i] - b.rgb[i]);
	return sum / (double)(a.width * a.height * 3);
}

Test(derive, an_orientation_moves_no_pixel)
{
	/* Odd sizes, where a chroma sample has half its pixels outside. */
	struct raster upright = raster_photo(351, 233, 5);
	struct derived plain =
	    derive(make_jpeg(upright, JPEG_444, (struct jpeg_extra){0}));
	for (int o = 2; o <= 8; o++) {
		struct derived d = derive(make_jpeg(raster_stored(upright, o),
		    JPEG_444, (struct jpeg_extra){.orientation = o}));
		cr_assert_lt(difference(derived_raster(&plain, 0),
				 derived_raster(&d, 0)),
		    2.5, "orientation %d", o);
	}
}

Test(derive, every_kind_of_jpeg_keeps_its_colours)
{
	const enum jpeg_kind kinds[] = {JPEG_YCC, JPEG_444, JPEG_RGB, JPEG_CMYK,
	    JPEG_YCCK, JPEG_PROGRESSIVE};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct derived d = derive(make_jpeg(raster_quarters(701, 500),
		    kinds[i], (struct jpeg_extra){0}));
		check_quarters(derived_raster(&d, 0));
		check_quarters(derived_raster(&d, 2));
	}
}

Test(derive, a_grey_jpeg_stays_grey)
{
	struct derived d =
	    derive(make_jpeg(raster_plain(500, 400, (struct rgb){77, 77, 77}),
		JPEG_GREY, (struct jpeg_extra){0}));
	check_colour(raster_at(derived_raster(&d, 1), .5, .5),
	    (struct rgb){77, 77, 77}, 1);
}

Test(derive, every_kind_of_png_keeps_its_colours)
{
	for (int i = 0; i < 4; i++) {
		struct png_extra extra = {
		    .depth = i & 1 ? 16 : 8, .is_interlaced = (i & 2) != 0};
		struct derived d =
		    derive(make_png(raster_quarters(701, 500), extra));
		check_quarters(derived_raster(&d, 0));
		cr_assert_eq(d.result.kind, MEDIA_KIND_PNG);
	}
	struct derived d =
	    derive(make_png(raster_plain(300, 200, (struct rgb){99, 99, 99}),
		(struct png_extra){.is_grey = true, .depth = 16}));
	check_colour(raster_at(derived_raster(&d, 0), .5, .5),
	    (struct rgb){99, 99, 99}, 2);
}

Test(derive, gif_and_webp_keep_their_colours)
{
	struct derived gif = derive(make_gif(raster_quarters(701, 500), 1));
	struct raster r = derived_raster(&gif, 0);
	check_colour(raster_at(r, .25, .25), (struct rgb){255, 0, 0}, 12);
	check_colour(raster_at(r, .75, .25), (struct rgb){0, 204, 0}, 12);
	check_colour(raster_at(r, .25, .75), (struct rgb){0, 0, 204}, 12);
	for (int i = 0; i < 4; i++) {
		bool has_alpha = (i & 2) != 0;
		struct derived d = derive(make_webp(
		    raster_quarters(701, 500), (i & 1) != 0, has_alpha));
		struct raster out = derived_raster(&d, 0);
		check_colour(
		    raster_at(out, .75, .25), (struct rgb){20, 200, 20}, 12);
		check_colour(raster_at(out, .25, .25),
		    has_alpha ? (struct rgb){255, 255, 255}
			      : (struct rgb){230, 20, 20},
		    12);
	}
}

Test(derive, transparency_shows_the_chosen_background)
{
	struct media_limits limits = media_limits_default();
	limits.background = 0x2060a0;
	const struct media_size size = {640, false, 90};
	struct raster r = raster_plain(300, 200, (struct rgb){250, 0, 0});
	struct blob uploads[] = {
	    make_png(r, (struct png_extra){.has_alpha = true}),
	    make_png(r, (struct png_extra){.has_alpha = true, .is_grey = true}),
	    make_webp(r, false, true)};
	for (size_t i = 0; i < 3; i++) {
		struct derived d = derive_with(uploads[i], limits, &size, 1);
		check_colour(raster_at(derived_raster(&d, 0), .2, .5),
		    (struct rgb){0x20, 0x60, 0xa0}, 6);
	}
}

Test(derive, an_animation_gives_its_first_frame_and_says_so)
{
	struct raster r = raster_quarters(300, 200);
	struct derived gif = derive(make_gif(r, 3));
	check_size(&gif, 0, 300, 200);
	cr_assert(gif.result.is_animated);
	cr_assert_eq(gif.result.frames, 3);
	struct derived webp =
	    derive(make_webp_animation(r, 4, 400, 300, 100, 50));
	check_size(&webp, 0, 400, 300);
	cr_assert(webp.result.is_animated);
	struct raster out = derived_raster(&webp, 0);
	check_colour(raster_at(out, .1, .1), (struct rgb){255, 255, 255}, 6);
	check_colour(raster_at(out, .4, .3), (struct rgb){230, 20, 20}, 10);
}

Test(derive, a_gif_frame_keeps_its_place_on_the_canvas)
{
	struct blob b =
	    make_gif(raster_plain(100, 100, (struct rgb){255, 0, 0}), 1);
	b.at[6] = 200; /* a wider canvas */
	size_t picture = 13 + 768 + 8;
	cr_assert_eq(b.at[picture], ',');
	b.at[picture + 1] = 150; /* half of the frame lies outside */
	struct derived d = derive(b);
	check_size(&d, 0, 200, 100);
	struct raster out = derived_raster(&d, 0);
	check_colour(raster_at(out, .5, .5), (struct rgb){255, 255, 255}, 6);
	check_colour(raster_at(out, .9, .5), (struct rgb){255, 0, 0}, 12);
}

static double
to_light(double level)
{
	return level <= 0.04045 ? level / 12.92
	                        : pow((level + 0.055) / 1.055, 2.4);
}

static double
from_light(double light)
{
	return light <= 0.0031308 ? light * 12.92
	                          : 1.055 * pow(light, 1 / 2.4) - 0.055;
}

/* Display P3 with gamma 2.2 to sRGB by the matrices of CSS Color 4, which
 * this project did not write. */
static struct rgb
p3_to_srgb(struct rgb c)
{
	double in[3] = {pow(c.r / 255.0, 2.2), pow(c.g / 255.0, 2.2),
	    pow(c.b / 255.0, 2.2)};
	static const double m[3][3] = {{1.2249402, -0.2249404, 0},
	    {-0.0420569, 1.0420571, 0}, {-0.0196376, -0.0786361, 1.0982735}};
	int out[3];
	for (int i = 0; i < 3; i++) {
		double light =
		    m[i][0] * in[0] + m[i][1] * in[1] + m[i][2] * in[2];
		out[i] = (int)lrint(255 * from_light(fmin(fmax(light, 0), 1)));
	}
	cr_assert_float_eq(to_light(from_light(0.5)), 0.5, 1e-6);
	return (struct rgb){out[0], out[1], out[2]};
}

Test(derive, a_wide_gamut_profile_is_converted_to_srgb)
{
	const struct rgb stored = {180, 120, 60};
	struct rgb want = p3_to_srgb(stored);
	cr_assert_gt(want.r, stored.r + 5);
	struct raster r = raster_plain(2000, 900, stored);
	struct blob icc = icc_display_p3();
	struct blob uploads[] = {
	    make_jpeg(r, JPEG_YCC, (struct jpeg_extra){.icc = icc}),
	    make_jpeg(r, JPEG_RGB, (struct jpeg_extra){.icc = icc}),
	    make_png(r, (struct png_extra){.icc = icc})};
	for (size_t i = 0; i < 3; i++) {
		struct derived d = derive(uploads[i]);
		for (size_t p = 0; p < 3; p++)
			check_colour(
			    raster_at(derived_raster(&d, p), .5, .5), want, 3);
	}
}

Test(derive, a_webp_profile_is_converted_to_srgb)
{
	const struct rgb stored = {180, 120, 60};
	struct blob plain =
	    make_webp(raster_plain(300, 200, stored), true, false);
	struct blob chunks = {0};
	webp_chunk(&chunks, "VP8X", webp_extended(0x20, 300, 200));
	webp_chunk(&chunks, "ICCP", icc_display_p3());
	blob_put(&chunks, plain.at + 12, plain.len - 12);
	struct derived d = derive(webp_chunks(chunks));
	check_colour(
	    raster_at(derived_raster(&d, 0), .5, .5), p3_to_srgb(stored), 3);
}

static struct blob
with_chunk(
    struct blob plain, const char *type, const uint32_t *numbers, size_t count)
{
	struct blob b = {0};
	struct blob data = {0};
	for (size_t i = 0; i < count; i++)
		blob_put_be(&data, numbers[i], 4);
	blob_put(&b, plain.at, 33);
	png_chunk(&b, type, data);
	blob_put(&b, plain.at + 33, plain.len - 33);
	return b;
}

Test(derive, a_png_of_another_gamma_is_converted)
{
	const uint32_t linear = 100000;
	const struct rgb half = {128, 64, 32};
	struct rgb want = {(int)lrint(255 * from_light(128 / 255.)),
	    (int)lrint(255 * from_light(64 / 255.)),
	    (int)lrint(255 * from_light(32 / 255.))};
	struct derived d = derive(with_chunk(
	    make_png(raster_plain(300, 200, half), (struct png_extra){0}),
	    "gAMA", &linear, 1));
	check_colour(raster_at(derived_raster(&d, 0), .5, .5), want, 3);
	d = derive(with_chunk(
	    make_png(raster_plain(300, 200, (struct rgb){128, 128, 128}),
		(struct png_extra){.is_grey = true}),
	    "gAMA", &linear, 1));
	check_colour(raster_at(derived_raster(&d, 0), .5, .5),
	    (struct rgb){want.r, want.r, want.r}, 3);
}

Test(derive, a_png_of_other_primaries_is_converted)
{
	/* Display P3 with gamma 2.2, as icc_display_p3. */
	const uint32_t gamma = 45455;
	const uint32_t primaries[] = {
	    31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000};
	const struct rgb stored = {180, 120, 60};
	struct blob plain =
	    make_png(raster_plain(300, 200, stored), (struct png_extra){0});
	struct derived d = derive(with_chunk(
	    with_chunk(plain, "cHRM", primaries, 8), "gAMA", &gamma, 1));
	check_colour(
	    raster_at(derived_raster(&d, 0), .5, .5), p3_to_srgb(stored), 4);
}

Test(derive, a_png_of_usual_gamma_changes_nothing)
{
	const uint32_t gammas[] = {45455, 0, 1, 4000000000};
	const struct rgb stored = {180, 120, 60};
	for (size_t i = 0; i < 4; i++) {
		struct derived d =
		    derive(with_chunk(make_png(raster_plain(300, 200, stored),
					  (struct png_extra){0}),
			"gAMA", &gammas[i], 1));
		check_colour(
		    raster_at(derived_raster(&d, 0), .5, .5), stored, 3);
	}
}

Test(derive, an_srgb_profile_changes_nothing)
{
	struct raster r = raster_photo(900, 600, 7);
	struct derived plain =
	    derive(make_jpeg(r, JPEG_YCC, (struct jpeg_extra){0}));
	struct derived tagged = derive(
	    make_jpeg(r, JPEG_YCC, (struct jpeg_extra){.icc = icc_srgb()}));
	cr_assert_eq(plain.result.made[0].bytes, tagged.result.made[0].bytes);
	cr_assert_eq(
	    difference(derived_raster(&plain, 0), derived_raster(&tagged, 0)),
	    0);
}

/* Every marker of a file is one that a picture needs. */
static void
check_bare(struct blob b)
{
	size_t at = 2;
	for (;;) {
		cr_assert_lt(at + 4, b.len);
		cr_assert_eq(b.at[at], 0xff);
		unsigned marker = b.at[at + 1];
		size_t size = (size_t)b.at[at + 2] << 8 | b.at[at + 3];
		cr_assert(marker == 0xe0 || marker == 0xdb || marker == 0xc0 ||
			      marker == 0xc4 || marker == 0xda,
		    "marker %02x", marker);
		if (marker == 0xe0)
			cr_assert_eq(size, 16, "a JFIF header alone");
		if (marker == 0xda)
			break;
		at += 2 + size;
	}
	cr_assert_eq(b.at[b.len - 2], 0xff);
	cr_assert_eq(b.at[b.len - 1], 0xd9);
	cr_assert_not(blob_has(b, SECRET));
	cr_assert_not(blob_has(b, "Exif"));
	cr_assert_not(blob_has(b, "ICC_PROFILE"));
}

Test(derive, nothing_of_the_metadata_survives)
{
	struct raster r = raster_photo(900, 600, 8);
	struct blob icc = icc_display_p3();
	struct blob plain = make_webp(r, false, false);
	struct blob webp = {0};
	struct blob text = {0};
	blob_put_text(&text, SECRET);
	webp_chunk(&webp, "VP8X", webp_extended(0x0c, 900, 600));
	blob_put(&webp, plain.at + 12, plain.len - 12);
	webp_chunk(&webp, "EXIF", text);
	webp_chunk(&webp, "XMP ", text);
	struct blob gif = make_gif(r, 1);
	gif.len--;
	blob_put(&gif, "!\xfe\x11" SECRET "\0;", 3 + 17 + 2);
	struct blob uploads[] = {
	    make_jpeg(r, JPEG_YCC,
		(struct jpeg_extra){
		    .orientation = 6, .has_secrets = true, .icc = icc}),
	    make_png(r, (struct png_extra){.has_secrets = true, .icc = icc}),
	    webp_chunks(webp), gif};
	for (size_t i = 0; i < 4; i++) {
		cr_assert(blob_has(uploads[i], SECRET));
		struct derived d = derive(uploads[i]);
		cr_assert_eq(d.err, OK, "upload %zu", i);
		for (size_t p = 0; p < 3; p++)
			check_bare(derived_blob(&d, p));
	}
}

Test(derive, the_placeholder_is_the_mean_colour)
{
	static const struct {
		struct rgb colour;
		int want;
	} cases[] = {{{255, 255, 255}, 63}, {{0, 0, 0}, 0},
	    {{200, 100, 20}, 3 << 4 | 1 << 2 | 0},
	    {{20, 140, 230}, 0 << 4 | 2 << 2 | 3}};
	for (size_t i = 0; i < 4; i++) {
		struct derived d =
		    derive(make_jpeg(raster_plain(400, 300, cases[i].colour),
			JPEG_YCC, (struct jpeg_extra){0}));
		cr_assert_eq(d.result.colour, cases[i].want);
	}
}

Test(derive, the_same_upload_gives_the_same_bytes)
{
	struct blob upload = make_jpeg(
	    raster_photo(1200, 800, 9), JPEG_YCC, (struct jpeg_extra){0});
	struct derived a = derive(upload);
	struct derived b = derive(upload);
	for (size_t i = 0; i < 3; i++) {
		struct blob x = derived_blob(&a, i);
		struct blob y = derived_blob(&b, i);
		cr_assert_eq(x.len, y.len);
		cr_assert_eq(memcmp(x.at, y.at, x.len), 0);
	}
}

Test(derive, what_the_child_used_is_told)
{
	struct derived d = derive(make_jpeg(
	    raster_photo(1200, 800, 10), JPEG_YCC, (struct jpeg_extra){0}));
	cr_assert_eq(d.err, OK);
	cr_assert_gt(d.result.cpu_us, 0);
	cr_assert_gt(d.result.wall_us, 0);
	cr_assert_gt(d.result.peak_bytes, 1 << 20);
}

Test(derive, a_missing_decoder_is_our_own_fault)
{
	struct media_limits limits = media_limits_default();
	const struct media_size size = {640, false, 82};
	struct media_result result;
	int in = blob_fd(make_jpeg(
	    raster_quarters(40, 30), JPEG_YCC, (struct jpeg_extra){0}));
	int out = blob_fd((struct blob){0});
	cr_assert_eq(media_derive(&limits, "/nonexistent/pixlpix-decode", in,
			 &size, 1, &out, &result),
	    ERR_INTERNAL);
	cr_assert_eq(result.refusal, MEDIA_FINE);
}

/* The disk of the upload's pictures is full. */
Test(derive, a_full_disk_is_our_own_fault)
{
	struct media_limits limits = media_limits_default();
	const struct media_size size = {640, false, 82};
	struct media_result result;
	int in = blob_fd(make_jpeg(
	    raster_photo(400, 300, 1), JPEG_YCC, (struct jpeg_extra){0}));
	int out = open("/dev/full", O_RDWR | O_CLOEXEC);
	cr_assert_geq(out, 0);
	cr_assert_eq(media_derive(&limits, built("pixlpix-decode"), in, &size,
			 1, &out, &result),
	    ERR_IO);
	cr_assert_eq(result.refusal, MEDIA_FINE);
	(void)close(in);
	(void)close(out);
}

Test(derive, a_pipe_is_no_upload)
{
	struct media_limits limits = media_limits_default();
	const struct media_size size = {640, false, 82};
	struct media_result result;
	int pipes[2];
	cr_assert_eq(pipe(pipes), 0);
	int out = blob_fd((struct blob){0});
	cr_assert_eq(media_derive(&limits, built("pixlpix-decode"), pipes[0],
			 &size, 1, &out, &result),
	    ERR_IO);
}
