/* HEIC and AVIF, from phones and programs: shown as they are meant. */
#include "make_heif.h"

#include <criterion/criterion.h>
#include <string.h>

static const enum heif_codec codecs[] = {CODEC_HEVC, CODEC_AV1};

static struct raster
large_of(struct blob upload, int64_t width, int64_t height)
{
	struct derived d = derive(upload);
	struct raster r = derived_raster(&d, 0);
	cr_assert_eq(d.result.width_px, width);
	cr_assert_eq(d.result.height_px, height);
	return r;
}

static void
check_quarters(struct raster r)
{
	check_colour(raster_at(r, .25, .25), (struct rgb){230, 20, 20}, 12);
	check_colour(raster_at(r, .75, .25), (struct rgb){20, 200, 20}, 12);
	check_colour(raster_at(r, .25, .75), (struct rgb){20, 20, 220}, 12);
	check_colour(raster_at(r, .75, .75), (struct rgb){250, 250, 250}, 12);
}

Test(heif, every_kind_of_sample_keeps_its_colours)
{
	static const int chromas[] = {420, 422, 444};
	struct raster r = raster_quarters(300, 200);
	for (int i = 0; i < 12; i++) {
		struct heif_style style = {.codec = codecs[i % 2],
		    .chroma = chromas[i / 4],
		    .depth = i / 2 % 2 == 0 ? 8 : 10};
		struct derived d = derive(make_heif(r, style));
		check_quarters(derived_raster(&d, 0));
		cr_assert_eq(d.result.kind, style.codec == CODEC_AV1
						? MEDIA_KIND_AVIF
						: MEDIA_KIND_HEIC);
		cr_assert_not(d.result.is_animated);
		cr_assert_eq(d.result.made[2].width_px, 200);
	}
}

Test(heif, odd_sizes_and_large_ones_are_whole)
{
	for (size_t i = 0; i < 2; i++) {
		struct heif_style style = {.codec = codecs[i]};
		check_quarters(large_of(
		    make_heif(raster_quarters(301, 203), style), 301, 203));
		check_quarters(large_of(
		    make_heif(raster_quarters(2002, 1499), style), 2002, 1499));
	}
}

Test(heif, a_grey_picture_is_grey)
{
	struct raster r = raster_plain(64, 64, (struct rgb){130, 0, 0});
	for (size_t i = 0; i < 2; i++) {
		struct heif_piece p = piece_of(heif_encode_grey(r, codecs[i]));
		struct derived d =
		    derive(heif_file(i == 0 ? "heic" : "avif", &p, 1));
		check_colour(raster_at(derived_raster(&d, 0), .5, .5),
		    (struct rgb){130, 130, 130}, 3);
	}
}

/* Rotation against the clock, then mirroring: -1 is none, 0 upside down, 1
 * left and right (23008-12:2022 sections 6.5.10 and 6.5.12). */
Test(heif, turned_and_mirrored_pictures_come_out_upright)
{
	static const struct {
		int quarters;
		int mirror;
	} ways[9] = {[1] = {0, -1},
	    [2] = {0, 1},
	    [3] = {2, -1},
	    [4] = {0, 0},
	    [5] = {1, 0},
	    [6] = {3, -1},
	    [7] = {1, 1},
	    [8] = {1, -1}};
	struct raster r = raster_quarters(301, 203);
	for (int o = 1; o <= 8; o++) {
		struct heif_piece p = piece_of(heif_encode(raster_stored(r, o),
		    (struct heif_style){.codec = codecs[o % 2]}));
		if (ways[o].quarters != 0)
			piece_add(
			    &p, "irot", heif_byte((unsigned)ways[o].quarters));
		if (ways[o].mirror >= 0)
			piece_add(
			    &p, "imir", heif_byte((unsigned)ways[o].mirror));
		check_quarters(large_of(heif_file("mif1", &p, 1), 301, 203));
	}
}

Test(heif, exif_turns_nothing_and_tells_the_camera)
{
	struct raster r = raster_quarters(300, 200);
	struct heif_piece pieces[2] = {
	    piece_of(heif_encode(r, (struct heif_style){0})),
	    {.type = "Exif",
		.data = heif_exif_data(6, "Mirabilis"),
		.reference = "cdsc",
		.to = {1},
		.to_count = 1}};
	struct derived d = derive(heif_file("heic", pieces, 2));
	check_quarters(derived_raster(&d, 0));
	cr_assert_eq(d.result.width_px, 300);
	cr_assert_str_eq(d.result.camera, "Mirabilis");
}

Test(heif, what_is_cut_off_is_not_shown)
{
	for (size_t i = 0; i < 2; i++) {
		struct heif_piece p =
		    piece_of(heif_encode(raster_quarters(400, 300),
			(struct heif_style){.codec = codecs[i]}));
		piece_add(&p, "clap", heif_crop(100, 80, 100, -50));
		piece_add(&p, "irot", heif_byte(1));
		struct raster got = large_of(heif_file("mif1", &p, 1), 80, 100);
		for (int j = 1; j <= 9; j++)
			check_colour(raster_at(got, .1 * j, .1 * j),
			    (struct rgb){20, 200, 20}, 12);
	}
}

Test(heif, a_crop_that_begins_within_a_pair_of_samples_is_exact)
{
	struct heif_piece p = piece_of(
	    heif_encode(raster_quarters(400, 300), (struct heif_style){0}));
	piece_add(&p, "clap", heif_crop(398, 298, 1, 1));
	struct raster got = large_of(heif_file("mif1", &p, 1), 398, 298);
	check_quarters(got);
	/* The middle is at 200 - 2 of 398. */
	check_colour(
	    raster_at(got, 195.5 / 398, .25), (struct rgb){230, 20, 20}, 30);
	check_colour(
	    raster_at(got, 201.5 / 398, .25), (struct rgb){20, 200, 20}, 30);
}

/* Four tiles of one colour each, larger than what is to be seen of them. */
static struct blob
grid_of(enum heif_codec codec, unsigned width, unsigned height)
{
	static const struct rgb colours[4] = {
	    {230, 20, 20}, {20, 200, 20}, {20, 20, 220}, {250, 250, 250}};
	struct heif_piece pieces[5] = {{.type = "grid",
	    .data = heif_grid_data(2, 2, width, height),
	    .reference = "dimg",
	    .to = {2, 3, 4, 5},
	    .to_count = 4}};
	piece_add(&pieces[0], "ispe", heif_size(width, height));
	for (int i = 0; i < 4; i++)
		pieces[1 + i] =
		    piece_of(heif_encode(raster_plain(128, 96, colours[i]),
			(struct heif_style){.codec = codec}));
	return heif_file("mif1", pieces, 5);
}

Test(heif, tiles_make_one_picture)
{
	for (size_t i = 0; i < 2; i++) {
		struct raster got =
		    large_of(grid_of(codecs[i], 255, 191), 255, 191);
		check_quarters(got);
		check_colour(raster_at(got, 126.5 / 255, .25),
		    (struct rgb){230, 20, 20}, 40);
		check_colour(raster_at(got, 131.5 / 255, .25),
		    (struct rgb){20, 200, 20}, 40);
	}
}

static struct blob
with_alpha(struct heif_coded main, struct heif_coded alpha)
{
	struct heif_piece pieces[2] = {piece_of(main), piece_of(alpha)};
	piece_add(&pieces[1], "auxC", heif_alpha_name());
	pieces[1].reference = "auxl";
	pieces[1].to[0] = 1;
	pieces[1].to_count = 1;
	return heif_file("mif1", pieces, 2);
}

Test(heif, transparency_shows_the_chosen_background)
{
	struct media_limits limits = media_limits_default();
	limits.background = 0x2060a0;
	const struct media_size size = {640, false, 90};
	struct raster plain = raster_plain(200, 100, (struct rgb){250, 0, 0});
	struct raster mask = raster_plain(200, 100, (struct rgb){0, 0, 0});
	for (size_t y = 0; y < 100; y++)
		memset(mask.rgb + (y * 200 + 100) * 3, 255, 300);
	for (size_t i = 0; i < 4; i++) {
		enum heif_codec codec = codecs[i % 2];
		struct heif_coded main =
		    i < 2 ? heif_encode(
				plain, (struct heif_style){.codec = codec})
			  : heif_encode_grey(plain, codec);
		struct derived d =
		    derive_with(with_alpha(main, heif_encode_grey(mask, codec)),
			limits, &size, 1);
		struct raster got = derived_raster(&d, 0);
		check_colour(
		    raster_at(got, .2, .5), (struct rgb){0x20, 0x60, 0xa0}, 6);
		check_colour(raster_at(got, .8, .5),
		    i < 2 ? (struct rgb){250, 0, 0}
			  : (struct rgb){250, 250, 250},
		    6);
	}
}

Test(heif, a_profile_is_converted_to_srgb)
{
	/* What derive.c's tests have worked out of Display P3's primaries. */
	const struct rgb stored = {180, 120, 60};
	struct raster r = raster_plain(64, 64, stored);
	struct derived jpeg = derive(make_jpeg(r, JPEG_444,
	    (struct jpeg_extra){.icc = icc_display_p3(), .quality = 100}));
	struct rgb want = raster_at(derived_raster(&jpeg, 0), .5, .5);
	cr_assert_gt(want.r, stored.r + 5);
	for (size_t i = 0; i < 2; i++) {
		struct heif_piece p = piece_of(
		    heif_encode(r, (struct heif_style){.codec = codecs[i]}));
		piece_add(&p, "colr", heif_icc(icc_display_p3()));
		struct derived d = derive(heif_file("mif1", &p, 1));
		check_colour(raster_at(derived_raster(&d, 0), .5, .5), want, 4);
	}
}

static struct rgb
shown(struct rgb colour, struct heif_style style)
{
	struct derived d =
	    derive(make_heif(raster_plain(64, 64, colour), style));
	return raster_at(derived_raster(&d, 0), .5, .5);
}

/* Said by a property, or by the bits alone. */
Test(heif, matrix_and_range_are_believed)
{
	static const struct heif_nclx said[] = {{1, 13, 1, true},
	    {1, 13, 1, false}, {1, 13, 6, false}, {1, 13, 9, true},
	    {1, 13, 0, true}};
	const struct rgb colour = {180, 120, 60};
	for (size_t i = 0; i < 10; i++) {
		struct heif_style style = {.codec = CODEC_AV1,
		    .chroma = 444,
		    .depth = i % 3 == 0 ? 10 : 8,
		    .nclx = said[i / 2]};
		struct heif_piece p =
		    piece_of(heif_encode(raster_plain(64, 64, colour), style));
		if (i % 2 == 0)
			piece_add(&p, "colr", heif_nclx(style.nclx));
		struct derived d = derive(heif_file("avif", &p, 1));
		check_colour(
		    raster_at(derived_raster(&d, 0), .5, .5), colour, 4);
	}
}

Test(heif, coded_primaries_are_converted_to_srgb)
{
	/* Display P3 by number, with sRGB's curve: red and green of it lie
	 * outside of sRGB. */
	struct heif_style style = {
	    .codec = CODEC_AV1, .chroma = 444, .nclx = {12, 13, 6, true}};
	struct rgb got = shown((struct rgb){180, 120, 60}, style);
	check_colour(got, (struct rgb){191, 119, 44}, 5);
	/* BT.2020's go further still. */
	style.nclx.primaries = 9;
	cr_assert_gt(shown((struct rgb){180, 120, 60}, style).r, got.r + 5);
}

Test(heif, the_light_of_pq_is_brought_into_range)
{
	/* 203 candela, which is white on a page, and the 1,000 of a good
	 * screen: SMPTE ST 2084 has them at 0.5807 and 0.7518. */
	struct heif_style style = {.codec = CODEC_AV1,
	    .chroma = 444,
	    .depth = 10,
	    .nclx = {9, 16, 9, true}};
	struct rgb white = shown((struct rgb){148, 148, 148}, style);
	check_colour(white, (struct rgb){191, 191, 191}, 6);
	check_colour(shown((struct rgb){192, 192, 192}, style),
	    (struct rgb){255, 255, 255}, 6);
}

Test(heif, an_animation_gives_its_still_and_says_so)
{
	struct blob b = make_heif(
	    raster_quarters(300, 200), (struct heif_style){.codec = CODEC_AV1});
	heif_put_track(&b, 12);
	struct derived d = derive(b);
	check_quarters(derived_raster(&d, 0));
	cr_assert(d.result.is_animated);
	cr_assert_eq(d.result.frames, 12);
}

Test(heif, the_squares_and_sizes_are_those_of_a_jpeg)
{
	struct derived d = derive(make_heif(raster_photo(2400, 1801, 1),
	    (struct heif_style){.codec = CODEC_AV1}));
	cr_assert_eq(d.err, OK);
	cr_assert_eq(d.result.made[0].width_px, 1600);
	cr_assert_eq(d.result.made[0].height_px, 1201);
	cr_assert_eq(d.result.made[1].width_px, 640);
	cr_assert_eq(d.result.made[2].height_px, 320);
}
