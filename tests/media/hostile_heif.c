/* Hostile files in HEIC's and AVIF's container; see hostile.c. */
#include "hostile.h"
#include "make_heif.h"

#include "base/log.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

static struct heif_coded
coded(enum heif_codec codec)
{
	return heif_encode(
	    raster_photo(64, 64, 1), (struct heif_style){.codec = codec});
}

/* A picture whose file says that it is that large. */
static struct blob
claiming(struct heif_coded c, size_t width, size_t height)
{
	struct heif_coded lie = c;
	lie.width = lie.shown_width = width;
	lie.height = lie.shown_height = height;
	struct heif_piece p = piece_of(lie);
	return heif_file("mif1", &p, 1);
}

Test(hostile_heif, sizes_that_are_not_true)
{
	struct raster black = raster_plain(4096, 4096, (struct rgb){0});
	for (int i = 0; i < 2; i++) {
		enum heif_codec codec = i == 0 ? CODEC_HEVC : CODEC_AV1;
		struct heif_coded c = coded(codec);
		expect("of 65535 x 65535", claiming(c, 65535, 65535),
		    MEDIA_TOO_MANY_PIXELS);
		expect("of 4294967295 x 4294967295",
		    claiming(c, 0xffffffff, 0xffffffff), MEDIA_TOO_MANY_PIXELS);
		expect("of 70000 x 1", claiming(c, 70000, 1), MEDIA_TOO_LONG);
		expect("that claims 7000 x 7000", claiming(c, 7000, 7000),
		    MEDIA_BROKEN);
		expect("without width", claiming(c, 0, 64), MEDIA_NO_PIXELS);
		expect("without height", claiming(c, 64, 0), MEDIA_NO_PIXELS);
		expect("of 4096 x 4096 that claims 64 x 64",
		    claiming(
			heif_encode(black, (struct heif_style){.codec = codec}),
			64, 48),
		    MEDIA_BROKEN);
	}
}

static struct heif_piece
grid(unsigned rows, unsigned columns, unsigned width, unsigned height)
{
	struct heif_piece p = {.type = "grid",
	    .data = heif_grid_data(rows, columns, width, height),
	    .reference = "dimg"};
	for (p.to_count = 0; p.to_count < PIECE_REFERENCES_MAX; p.to_count++)
		p.to[p.to_count] = 2;
	return p;
}

static void
expect_grid(const char *name, struct heif_piece g, struct heif_piece tile,
    enum media_refusal want)
{
	struct heif_piece pieces[2] = {g, tile};
	expect(name, heif_file("heic", pieces, 2), want);
}

Test(hostile_heif, grids)
{
	struct heif_piece tile = piece_of(coded(CODEC_HEVC));
	struct heif_piece g = grid(8, 8, 512, 512);
	struct heif_piece bad = g;
	piece_add(&bad, "ispe", heif_size(512, 512));
	expect_grid("a grid of the same tile 64 times", bad, tile, MEDIA_FINE);
	bad = grid(8, 8, 60000, 60000);
	piece_add(&bad, "ispe", heif_size(512, 512));
	expect_grid(
	    "a grid whose two sizes differ", bad, tile, MEDIA_WRONG_TYPE);
	bad = grid(256, 256, 7000, 7000);
	piece_add(&bad, "ispe", heif_size(7000, 7000));
	expect_grid("a grid of 65,536 tiles", bad, tile, MEDIA_WRONG_TYPE);
	bad = grid(9, 8, 512, 520);
	piece_add(&bad, "ispe", heif_size(512, 520));
	expect_grid("a grid that lacks tiles", bad, tile, MEDIA_BROKEN);
	bad = grid(2, 2, 512, 512);
	piece_add(&bad, "ispe", heif_size(512, 512));
	expect_grid(
	    "a grid that its tiles do not fill", bad, tile, MEDIA_BROKEN);
	bad = g;
	piece_add(&bad, "ispe", heif_size(512, 512));
	bad.to[5] = 1;
	expect_grid("a grid with itself for a tile", bad, tile, MEDIA_BROKEN);
	bad.to[0] = 1;
	expect_grid(
	    "a grid that begins with itself", bad, tile, MEDIA_WRONG_TYPE);
	bad.to[0] = bad.to[5] = 77;
	expect_grid(
	    "a grid of tiles that are not there", bad, tile, MEDIA_WRONG_TYPE);
	struct heif_piece pieces[3] = {
	    grid(1, 2, 128, 64), tile, piece_of(coded(CODEC_AV1))};
	piece_add(&pieces[0], "ispe", heif_size(128, 64));
	pieces[0].to[1] = 3;
	expect(
	    "a grid of two codecs", heif_file("mif1", pieces, 3), MEDIA_BROKEN);
}

Test(hostile_heif, damage)
{
	for (int i = 0; i < 2; i++) {
		enum heif_codec codec = i == 0 ? CODEC_HEVC : CODEC_AV1;
		struct heif_coded c = coded(codec);
		struct heif_piece p = piece_of(c);
		struct blob good = heif_file("mif1", &p, 1);
		expect("cut in the middle", blob_cut(good, good.len / 2),
		    MEDIA_BROKEN);
		expect("cut before its end", blob_cut(good, good.len - 1),
		    MEDIA_BROKEN);
		expect("cut in its boxes", blob_cut(good, 100), MEDIA_BROKEN);
		struct heif_piece bad = p;
		bad.data = blob_cut(c.data, c.data.len / 2);
		expect("with half of the bits", heif_file("mif1", &bad, 1),
		    MEDIA_BROKEN);
		bad.data = (struct blob){0};
		blob_put_text(&bad.data, "these are no bits of a picture");
		expect("with text for bits", heif_file("mif1", &bad, 1),
		    MEDIA_BROKEN);
		bad.data.len = 0;
		expect(
		    "without bits", heif_file("mif1", &bad, 1), MEDIA_BROKEN);
		bad = p;
		bad.type = "jpeg";
		expect("of another codec", heif_file("mif1", &bad, 1),
		    MEDIA_WRONG_TYPE);
		bad = p;
		piece_add(&bad, "magi", heif_byte(1));
		bad.is_essential[2] = true;
		expect("with a property that must be known",
		    heif_file("mif1", &bad, 1), MEDIA_WRONG_TYPE);
		bad = p;
		piece_add(&bad, "clap", heif_crop(640, 480, 0, 0));
		expect("with a crop that is larger", heif_file("mif1", &bad, 1),
		    MEDIA_WRONG_TYPE);
	}
	struct heif_piece p = piece_of(coded(CODEC_HEVC));
	p.properties[0].len = 8 + 10;
	p.properties[0].at[3] = 8 + 10;
	expect(
	    "with a cut configuration", heif_file("heic", &p, 1), MEDIA_BROKEN);
	struct blob icc = {0};
	for (int i = 0; i < 40000; i++)
		blob_put_text(&icc, "profile of a megabyte...");
	p = piece_of(coded(CODEC_HEVC));
	piece_add(&p, "colr", heif_icc(icc));
	expect("with a profile of a megabyte", heif_file("heic", &p, 1),
	    MEDIA_FINE);
}

Test(hostile_heif, transparency)
{
	struct heif_piece pieces[2] = {
	    piece_of(coded(CODEC_HEVC)), piece_of(coded(CODEC_HEVC))};
	piece_add(&pieces[1], "auxC", heif_alpha_name());
	pieces[1].reference = "auxl";
	pieces[1].to[0] = 1;
	pieces[1].to_count = 1;
	expect("whose transparency has colours", heif_file("heic", pieces, 2),
	    MEDIA_FINE);
	struct heif_piece other =
	    piece_of(heif_encode_grey(raster_photo(128, 128, 1), CODEC_HEVC));
	piece_add(&other, "auxC", heif_alpha_name());
	other.reference = "auxl";
	other.to[0] = 1;
	other.to_count = 1;
	pieces[1] = other;
	expect("whose transparency is larger", heif_file("heic", pieces, 2),
	    MEDIA_BROKEN);
}

Test(hostile_heif, boxes_without_end)
{
	struct blob many = {0};
	struct blob nested = {0};
	blob_put(&many,
	    "\0\0\0\x18"
	    "ftypavif\0\0\0\0mif1avif",
	    24);
	for (int i = 0; i < 100000; i++)
		blob_put(&many,
		    "\0\0\0\x08"
		    "free",
		    8);
	expect("of 100,000 boxes", many, MEDIA_BROKEN);
	blob_put(&nested, many.at, 24);
	blob_put(&nested,
	    "\xff\xff\xff\xff"
	    "meta",
	    8);
	expect("with a box of 4 GB", nested, MEDIA_BROKEN);
	nested.len = 24;
	blob_put(&nested,
	    "\0\0\0\x01"
	    "mdat\xff\xff\xff\xff\xff\xff\xff\xff",
	    16);
	expect("with a box of 2^64 bytes", nested, MEDIA_BROKEN);
	nested.len = 24;
	blob_put(&nested,
	    "\0\0\0\x01"
	    "mdat\0\0\0\0\0\0\0\0",
	    16);
	expect(
	    "with a box that is smaller than its head", nested, MEDIA_BROKEN);
	expect(
	    "HEIC that is nothing else", blob_cut(many, 24), MEDIA_WRONG_TYPE);
}

/* One property, of an item that is told to have it over and over. */
Test(hostile_heif, properties_without_end)
{
	struct heif_piece p = piece_of(coded(CODEC_HEVC));
	for (int i = 0; i < 8; i++)
		piece_add(&p, "irot", heif_byte(1));
	struct blob b = heif_file("heic", &p, 1);
	expect("that is turned twice round", b, MEDIA_FINE);
	static struct heif_piece items[2000];
	for (int i = 0; i < 2000; i++)
		items[i] = (struct heif_piece){.type = "Exif", .data = p.data};
	items[0] = piece_of(coded(CODEC_HEVC));
	expect("of 2,000 items", heif_file("heic", items, 2000), MEDIA_FINE);
}

/* Lists that say that they go on for ever. */
Test(hostile_heif, lists_without_end)
{
	struct blob type = {0};
	struct blob info = {0};
	struct blob infos = {0};
	struct blob primary = {0};
	struct blob places = {0};
	struct blob meta = {0};
	struct blob b = {0};
	blob_put_text(&type, "heic");
	blob_put_be(&type, 0, 4);
	blob_put_text(&type, "mif1");
	blob_put_be(&info, 2 << 24, 4);
	blob_put_be(&info, 1, 2);
	blob_put_be(&info, 0, 2);
	blob_put(&info, "hvc1", 5);
	blob_put_be(&infos, 0, 4);
	blob_put_be(&infos, 1, 2);
	blob_box(&infos, "infe", info);
	blob_put_be(&primary, 0, 4);
	blob_put_be(&primary, 1, 2);
	/* Of each of 4,000 items 65,535 pieces, of no bytes each. */
	blob_put_be(&places, 0, 4);
	blob_put_be(&places, 0, 2);
	blob_put_be(&places, 4000, 2);
	for (int i = 0; i < 4000; i++) {
		blob_put_be(&places, 7, 2);
		blob_put_be(&places, 0, 2);
		blob_put_be(&places, 65535, 2);
	}
	blob_put_be(&meta, 0, 4);
	blob_box(&meta, "pitm", primary);
	blob_box(&meta, "iinf", infos);
	blob_box(&meta, "iloc", places);
	blob_box(&b, "ftyp", type);
	blob_box(&b, "meta", meta);
	expect("with 262 million pieces", b, MEDIA_BROKEN);
	static struct heif_piece items[3000];
	for (int i = 0; i < 3000; i++)
		items[i] = (struct heif_piece){.type = "Exif", .data = info};
	items[0] = grid(1, 2, 128, 64);
	piece_add(&items[0], "ispe", heif_size(128, 64));
	items[1] = piece_of(coded(CODEC_HEVC));
	expect("of 3,000 items and tiles", heif_file("heic", items, 3000),
	    MEDIA_FINE);
	static struct heif_piece more[4000];
	memcpy(more, items, sizeof items);
	for (int i = 3000; i < 4000; i++)
		more[i] = items[2];
	expect("of 4,000 items", heif_file("heic", more, 4000), MEDIA_BROKEN);
}

/* A tile that is far larger than what is seen of it. */
Test(hostile_heif, tile_larger_than_its_grid)
{
	struct heif_coded lie = coded(CODEC_AV1);
	lie.width = lie.shown_width = 0xffffffff;
	lie.height = lie.shown_height = 0xffffffff;
	struct heif_piece g = grid(1, 1, 64, 64);
	piece_add(&g, "ispe", heif_size(64, 64));
	expect_grid("a grid of one tile of 2^64 pixels", g, piece_of(lie),
	    MEDIA_BROKEN);
}

Test(hostile_heif, random_damage_ends_well)
{
	struct blob all[2];
	for (int i = 0; i < 2; i++) {
		enum heif_codec codec = i == 0 ? CODEC_HEVC : CODEC_AV1;
		struct heif_piece pieces[3] = {grid(1, 2, 128, 64),
		    piece_of(coded(codec)),
		    {.type = "Exif", .data = heif_exif_data(1, "x")}};
		piece_add(&pieces[0], "ispe", heif_size(128, 64));
		all[i] = heif_file("mif1", pieces, 3);
	}
	uint32_t state = 7;
	int log = blob_fd((struct blob){0});
	log_set_fd(log);
	for (int round = 0; round < 120; round++) {
		struct blob b = {0};
		blob_put(&b, all[round % 2].at, all[round % 2].len);
		/* Every other time in the boxes, where one byte does most. */
		size_t within = round / 2 % 2 == 0 ? b.len : 500;
		for (int hit = 0; hit < 2; hit++) {
			state = state * 1664525U + 1013904223U;
			b.at[(state >> 8) % within] =
			    (unsigned char)(state >> 3);
		}
		struct derived d = derive(b);
		cr_assert(d.err == OK || d.err == ERR_INPUT, "round %d: %s",
		    round, err_name(d.err));
	}
	/* libde265 prints what it does not like, which the sandbox must not
	 * take for an attack. */
	log_set_fd(STDERR_FILENO);
	cr_assert_eq(lseek(log, 0, SEEK_END), 0, "something was logged");
}
