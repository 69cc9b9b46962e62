/* What is kept of an upload: its pixels, and nothing of its metadata. */
#include "make_heif.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

static const struct media_size size = {400, false, 82};

struct kept {
	struct blob original; /* empty: none was kept */
	struct blob picture;  /* made in the same run */
	struct media_result result;
};

static struct blob
content(int fd)
{
	struct derived d = {.fds = {fd}};
	return derived_blob(&d, 0);
}

static struct kept
keep(struct blob upload)
{
	struct media_limits limits = media_limits_default();
	int out = blob_fd((struct blob){0});
	struct media_task task = {.in_fd = blob_fd(upload),
	    .sizes = &size,
	    .count = 1,
	    .format = MEDIA_AS_JPEG,
	    .out_fds = &out,
	    .original_fd = blob_fd((struct blob){0})};
	struct kept k;
	enum err e =
	    media_run(&limits, built("pixlpix-decode"), &task, &k.result);
	cr_assert_eq(e, OK, "%s", media_refusal_name(k.result.refusal));
	k.picture = content(out);
	k.original = content(task.original_fd);
	if (k.result.original_bytes == 0)
		k.original.len = 0;
	cr_assert_eq((int64_t)k.original.len, k.result.original_bytes);
	(void)close(task.in_fd);
	(void)close(task.original_fd);
	(void)close(out);
	return k;
}

/* The same picture comes of it, to the byte; nothing that was secret is in
 * it; and it is what it would be kept as again. */
static struct blob
check_kept(struct blob upload)
{
	struct kept k = keep(upload);
	cr_assert_gt(k.original.len, 0);
	cr_assert_not(blob_has(k.original, SECRET));
	struct kept again = keep(k.original);
	cr_assert_eq(again.picture.len, k.picture.len);
	cr_assert_eq(memcmp(again.picture.at, k.picture.at, k.picture.len), 0);
	cr_assert_eq(again.original.len, k.original.len);
	cr_assert_eq(
	    memcmp(again.original.at, k.original.at, k.original.len), 0);
	return k.original;
}

Test(strip, every_kind_of_jpeg_keeps_its_pixels_alone)
{
	static const enum jpeg_kind kinds[] = {JPEG_YCC, JPEG_444, JPEG_GREY,
	    JPEG_RGB, JPEG_CMYK, JPEG_YCCK, JPEG_PROGRESSIVE};
	struct raster r = raster_photo(300, 201, 1);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct blob upload = make_jpeg(
		    r, kinds[i], (struct jpeg_extra){.has_secrets = true});
		cr_assert(blob_has(upload, SECRET));
		struct blob kept = check_kept(upload);
		cr_assert_lt(kept.len, upload.len);
		cr_assert_not(blob_has(kept, "Exif"));
	}
}

Test(strip, a_turned_jpeg_stays_turned)
{
	struct raster r = raster_quarters(300, 201);
	for (int o = 1; o <= 8; o++) {
		struct blob upload = make_jpeg(raster_stored(r, o), JPEG_YCC,
		    (struct jpeg_extra){.orientation = o, .has_secrets = true});
		struct kept k = keep(check_kept(upload));
		cr_assert_eq(k.result.width_px, 300);
	}
}

Test(strip, a_profile_stays)
{
	struct raster r = raster_photo(300, 201, 2);
	struct blob icc = icc_display_p3();
	cr_assert(blob_has(
	    check_kept(make_jpeg(r, JPEG_YCC, (struct jpeg_extra){.icc = icc})),
	    "ICC_PROFILE"));
	cr_assert(blob_has(
	    check_kept(make_png(r, (struct png_extra){.icc = icc})), "iCCP"));
}

Test(strip, every_kind_of_png_keeps_its_pixels_alone)
{
	struct raster r = raster_photo(300, 201, 3);
	const struct png_extra extras[] = {{.has_secrets = true},
	    {.has_secrets = true, .depth = 16},
	    {.has_secrets = true, .is_grey = true},
	    {.has_secrets = true, .has_alpha = true},
	    {.has_secrets = true, .is_interlaced = true}};
	for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
		struct blob upload = make_png(r, extras[i]);
		cr_assert(blob_has(upload, SECRET));
		cr_assert_lt(check_kept(upload).len, upload.len);
	}
}

Test(strip, a_turned_png_stays_turned)
{
	static const unsigned char tiff[] = {'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0,
	    0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0};
	struct blob plain =
	    make_png(raster_quarters(300, 201), (struct png_extra){0});
	struct blob upload = {0};
	struct blob exif = {0};
	blob_put(&exif, tiff, sizeof tiff);
	blob_put_text(&exif, SECRET);
	blob_put(&upload, plain.at, 33);
	png_chunk(&upload, "eXIf", exif);
	blob_put(&upload, plain.at + 33, plain.len - 33);
	struct kept k = keep(check_kept(upload));
	cr_assert_eq(k.result.width_px, 201);
}

Test(strip, a_gif_keeps_its_frames_alone)
{
	struct blob plain = make_gif(raster_quarters(60, 40), 3);
	struct blob upload = {0};
	blob_put(&upload, plain.at, plain.len - 1);
	blob_put(&upload, "!\xfe\x12" SECRET, 21);
	blob_put(&upload, "\0!\xff\x0bXMP DataXMP\x12" SECRET, 34);
	blob_put(&upload, "\0;" SECRET, 20);
	struct kept k = keep(check_kept(upload));
	cr_assert_eq(k.original.len, plain.len);
	cr_assert_eq(k.result.frames, 3);
}

Test(strip, a_webp_keeps_its_pixels_alone)
{
	struct raster r = raster_photo(300, 200, 4);
	struct blob plain = make_webp(r, false, false);
	struct blob text = {0};
	blob_put_text(&text, SECRET);
	struct blob chunks = {0};
	webp_chunk(&chunks, "VP8X", webp_extended(0x0c, 300, 200));
	blob_put(&chunks, plain.at + 12, plain.len - 12);
	webp_chunk(&chunks, "EXIF", text);
	webp_chunk(&chunks, "XMP ", text);
	webp_chunk(&chunks, "else", text);
	struct blob upload = webp_chunks(chunks);
	blob_put(&upload, SECRET, 18);
	(void)check_kept(upload);
	(void)check_kept(make_webp(r, true, true));
}

Test(strip, an_animated_webp_keeps_its_frames_alone)
{
	struct blob upload =
	    make_webp_animation(raster_quarters(60, 40), 3, 80, 60, 4, 6);
	struct kept k = keep(check_kept(upload));
	cr_assert_eq(k.result.frames, 3);
}

/* A unit of remarks before the picture's own: H.265 D.2.7, AV1 5.8. */
static struct blob
with_remark(struct heif_coded c)
{
	struct blob b = {0};
	size_t text = strlen(SECRET);
	if (c.codec == CODEC_HEVC) {
		blob_put_be(&b, 2 + 2 + 16 + text + 1, 4);
		blob_put_be(&b, 39 << 9 | 1, 2);
		blob_put_be(&b, 5, 1);
		blob_put_be(&b, 16 + text, 1);
		blob_put(&b, "0123456789abcdef" SECRET, 16 + text);
		blob_put_be(&b, 0x80, 1);
		blob_put(&b, c.data.at, c.data.len);
		return b;
	}
	blob_put(&b, c.data.at, c.data.len);
	blob_put_be(&b, 5 << 3 | 2, 1);
	blob_put_be(&b, 1 + text + 1, 1);
	blob_put_be(&b, 30, 1); /* a kind that is for anybody to use */
	blob_put_text(&b, SECRET);
	blob_put_be(&b, 0x80, 1);
	return b;
}

/* A phone's: tiles, cut, turned, with EXIF, XMP and previews. */
static struct blob
phone_picture(enum heif_codec codec)
{
	struct raster r = raster_photo(128, 128, 3);
	struct heif_coded tile =
	    heif_encode(r, (struct heif_style){.codec = codec});
	struct heif_coded mask =
	    heif_encode_grey(raster_photo(256, 128, 4), codec);
	tile.data = with_remark(tile);
	struct blob xmp = {0};
	blob_put_text(&xmp, "<x:xmpmeta>" SECRET);
	struct heif_piece pieces[6] = {
	    {.type = "grid",
		.data = heif_grid_data(1, 2, 250, 120),
		.reference = "dimg",
		.to = {2, 2},
		.to_count = 2},
	    piece_of(tile), piece_of(mask),
	    {.type = "Exif",
		.data = heif_exif_data(6, "Mirabilis " SECRET),
		.reference = "cdsc",
		.to = {1},
		.to_count = 1},
	    {.type = "mime", .data = xmp}, piece_of(tile)};
	struct blob words = {0};
	blob_put_text(&words, "udes" SECRET);
	piece_add(&pieces[0], "ispe", heif_size(250, 120));
	piece_add(&pieces[0], "udes", words);
	piece_add(&pieces[0], "clap", heif_crop(240, 110, 1, 1));
	piece_add(&pieces[0], "irot", heif_byte(3));
	piece_add(&pieces[1], "colr", heif_icc(icc_display_p3()));
	pieces[2].reference = "thmb";
	pieces[5].reference = "thmb";
	pieces[5].to[0] = pieces[2].to[0] = 1;
	pieces[5].to_count = pieces[2].to_count = 1;
	struct blob b = heif_file("mif1", pieces, 6);
	blob_box(&b, "free", words);
	return b;
}

Test(strip, a_phones_picture_keeps_its_pixels_alone)
{
	for (int i = 0; i < 2; i++) {
		struct blob upload =
		    phone_picture(i == 0 ? CODEC_HEVC : CODEC_AV1);
		cr_assert(blob_has(upload, SECRET));
		struct blob kept = check_kept(upload);
		cr_assert_not(blob_has(kept, "Mirabilis"));
		cr_assert_not(blob_has(kept, "Exif"));
		/* Neither does the preview, whose bits are the tile's. */
		cr_assert_lt(kept.len, upload.len);
	}
}

Test(strip, heif_keeps_what_can_be_seen_through)
{
	for (int i = 0; i < 2; i++) {
		enum heif_codec codec = i == 0 ? CODEC_HEVC : CODEC_AV1;
		struct raster r = raster_photo(128, 64, 3);
		struct heif_piece pieces[2] = {
		    piece_of(
			heif_encode(r, (struct heif_style){.codec = codec})),
		    piece_of(heif_encode_grey(r, codec))};
		piece_add(&pieces[1], "auxC", heif_alpha_name());
		pieces[1].reference = "auxl";
		pieces[1].to[0] = 1;
		pieces[1].to_count = 1;
		struct blob kept = check_kept(heif_file("mif1", pieces, 2));
		cr_assert(blob_has(kept, "auxiliary:alpha"));
	}
}

Test(strip, of_a_moving_heif_nothing_is_kept)
{
	struct blob b = make_heif(
	    raster_photo(64, 64, 1), (struct heif_style){.codec = CODEC_AV1});
	heif_put_track(&b, 12);
	cr_assert_eq(keep(b).original.len, 0);
}
