/* The prober. */
#include "media/probe.h"

#include "fixture.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

/* From memory and from a file, which must agree. */
static struct media_probe
probe(struct blob b)
{
	struct media_probe memory;
	struct media_probe file;
	cr_assert_eq(
	    media_probe_bytes((struct str){(const char *)b.at, b.len}, &memory),
	    OK);
	int fd = blob_fd(b);
	cr_assert_eq(media_probe_fd(fd, &file), OK);
	(void)close(fd);
	cr_assert_eq(memory.kind, file.kind);
	cr_assert_eq(memory.is_whole, file.is_whole);
	cr_assert_eq(memory.width_px, file.width_px);
	cr_assert_eq(memory.height_px, file.height_px);
	cr_assert_eq(memory.frames, file.frames);
	cr_assert_eq(memory.orientation, file.orientation);
	cr_assert_eq(memory.frame_data_at, file.frame_data_at);
	return memory;
}

static void
check_probe(struct blob b, enum media_kind kind, int64_t frames)
{
	struct media_probe p = probe(b);
	cr_assert_eq(p.kind, kind, "%s", media_kind_name(p.kind));
	cr_assert(p.is_whole);
	cr_assert_eq(p.width_px, 301);
	cr_assert_eq(p.height_px, 203);
	cr_assert_eq(p.frames, frames);
	cr_assert_eq(p.bytes, (int64_t)b.len);
}

Test(probe, type_size_and_frames_of_every_accepted_format)
{
	struct raster r = raster_photo(301, 203, 1);
	struct jpeg_extra none = {0};
	check_probe(make_jpeg(r, JPEG_YCC, none), MEDIA_KIND_JPEG, 1);
	check_probe(make_jpeg(r, JPEG_PROGRESSIVE, none), MEDIA_KIND_JPEG, 1);
	check_probe(make_png(r, (struct png_extra){0}), MEDIA_KIND_PNG, 1);
	check_probe(make_gif(r, 1), MEDIA_KIND_GIF, 1);
	check_probe(make_gif(r, 5), MEDIA_KIND_GIF, 5);
	check_probe(make_webp(r, false, false), MEDIA_KIND_WEBP, 1);
	check_probe(make_webp(r, false, true), MEDIA_KIND_WEBP, 1);
	check_probe(make_webp(r, true, false), MEDIA_KIND_WEBP, 1);
	check_probe(
	    make_webp_animation(raster_photo(100, 50, 2), 7, 301, 203, 2, 4),
	    MEDIA_KIND_WEBP, 7);
}

Test(probe, orientation_of_a_jpeg)
{
	struct raster r = raster_plain(8, 8, (struct rgb){0});
	for (int o = 1; o <= 8; o++) {
		struct jpeg_extra extra = {.orientation = o};
		cr_assert_eq(
		    probe(make_jpeg(r, JPEG_YCC, extra)).orientation, o);
		extra.has_secrets = true;
		cr_assert_eq(
		    probe(make_jpeg(r, JPEG_YCC, extra)).orientation, o);
	}
}

/* A TIFF structure, little-endian, with an orientation alone. */
static struct blob
little_exif(int orientation)
{
	struct blob b = {0};
	blob_put(&b, "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18);
	blob_put_le(&b, (uint64_t)orientation, 4);
	blob_put_le(&b, 0, 4);
	return b;
}

Test(probe, orientation_of_a_png_and_a_webp)
{
	struct blob png = png_head(5, 6, 8, 2);
	png_chunk(&png, "eXIf", little_exif(6));
	png_chunk(&png, "IDAT", (struct blob){0});
	png_chunk(&png, "IEND", (struct blob){0});
	cr_assert_eq(probe(png).orientation, 6);
	cr_assert(probe(png).is_whole);
	struct blob plain =
	    make_webp(raster_plain(8, 8, (struct rgb){0}), false, false);
	for (int named = 0; named < 2; named++) {
		struct blob exif = {0};
		blob_put(&exif, "Exif\0\0", named ? 6 : 0);
		struct blob tiff = little_exif(8);
		blob_put(&exif, tiff.at, tiff.len);
		struct blob chunks = {0};
		webp_chunk(&chunks, "VP8X", webp_extended(8, 8, 8));
		blob_put(&chunks, plain.at + 12, plain.len - 12);
		webp_chunk(&chunks, "EXIF", exif);
		cr_assert_eq(probe(webp_chunks(chunks)).orientation, 8);
	}
}

Test(probe, an_orientation_that_makes_no_sense_is_none)
{
	const int senseless[] = {0, 9, 255, 65535};
	for (size_t i = 0; i < 4; i++) {
		struct blob png = png_head(5, 6, 8, 2);
		png_chunk(&png, "eXIf", little_exif(senseless[i]));
		cr_assert_eq(probe(png).orientation, 1);
	}
}

Test(probe, a_file_cut_off_anywhere_is_not_whole)
{
	struct raster r = raster_photo(40, 30, 3);
	struct blob all[] = {make_png(r, (struct png_extra){0}), make_gif(r, 2),
	    make_webp(r, false, false),
	    make_webp_animation(r, 2, 50, 40, 0, 0)};
	for (size_t i = 0; i < 4; i++)
		for (size_t len = 0; len < all[i].len; len++)
			cr_assert_not(probe(blob_cut(all[i], len)).is_whole,
			    "%zu of file %zu", len, i);
}

Test(probe, a_jpeg_cut_off_before_its_scan_is_not_whole)
{
	struct blob b = make_jpeg(raster_photo(40, 30, 3), JPEG_YCC,
	    (struct jpeg_extra){.orientation = 3});
	unsigned char *scan = memmem(b.at, b.len, "\xff\xda", 2);
	cr_assert_not_null(scan);
	for (unsigned char *end = b.at; end <= scan; end++)
		cr_assert_not(
		    probe(blob_cut(b, (size_t)(end - b.at))).is_whole);
}

Test(probe, what_is_not_accepted_is_known_by_name)
{
	static const struct {
		struct str bytes;
		enum media_kind kind;
	} cases[] = {
	    {STR("\0\0\0\x18"
		 "ftypheic\0\0\0\0mif1heic"),
		MEDIA_KIND_HEIC},
	    {STR("\0\0\0\x1c"
		 "ftypmif1\0\0\0\0mif1avifmiaf"),
		MEDIA_KIND_AVIF},
	    {STR("\0\0\0\x18"
		 "ftypavif\0\0\0\0mif1miaf"),
		MEDIA_KIND_AVIF},
	    {STR("\0\0\0\x18"
		 "ftypisom\0\0\x02\0isommp42"),
		MEDIA_KIND_VIDEO},
	    {STR("\0\0\0\x14"
		 "ftypqt  \0\0\0\0qt  "),
		MEDIA_KIND_VIDEO},
	    {STR("\x1a\x45\xdf\xa3 webm"), MEDIA_KIND_VIDEO},
	    {STR("\xff\x0a....."), MEDIA_KIND_JXL},
	    {STR("\0\0\0\x0cJXL \r\n\x87\n..."), MEDIA_KIND_JXL},
	    {STR("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
		MEDIA_KIND_SVG},
	    {STR("\xef\xbb\xbf <?xml version=\"1.0\"?><!-- a --><svg/>"),
		MEDIA_KIND_SVG},
	    {STR("II*\0\x08\0\0\0"), MEDIA_KIND_TIFF},
	    {STR("MM\0*\0\0\0\x08"), MEDIA_KIND_TIFF},
	    {STR("BM........"), MEDIA_KIND_BMP},
	    {STR("%PDF-1.7"), MEDIA_KIND_PDF},
	    {STR("RIFF....AVI LIST"), MEDIA_KIND_VIDEO},
	    {STR("RIFF....WAVEfmt "), MEDIA_KIND_UNKNOWN},
	    {STR("<html><body>"), MEDIA_KIND_UNKNOWN},
	    {STR("hello"), MEDIA_KIND_UNKNOWN},
	    {STR("\x7f"
		 "ELF"),
		MEDIA_KIND_UNKNOWN},
	    {STR(""), MEDIA_KIND_UNKNOWN},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct blob b = {0};
		blob_put(&b, cases[i].bytes.at, cases[i].bytes.len);
		struct media_probe p = probe(b);
		cr_assert_eq(p.kind, cases[i].kind, "case %zu is %s", i,
		    media_kind_name(p.kind));
		cr_assert_not(p.is_whole);
	}
}

Test(probe, every_kind_has_a_name)
{
	for (int k = 0; k < MEDIA_KIND_COUNT_; k++)
		cr_assert_not_null(media_kind_name((enum media_kind)k));
}

Test(probe, random_damage_never_breaks_the_prober)
{
	struct raster r = raster_photo(20, 15, 4);
	struct blob all[] = {
	    make_jpeg(r, JPEG_YCC,
		(struct jpeg_extra){.orientation = 6, .has_secrets = true}),
	    make_png(r, (struct png_extra){.has_secrets = true}),
	    make_gif(r, 3), make_webp_animation(r, 2, 50, 40, 0, 0)};
	uint32_t state = 12345;
	for (int round = 0; round < 8000; round++) {
		struct blob b = {0};
		blob_put(&b, all[round % 4].at, all[round % 4].len);
		for (int hit = 0; hit < 4; hit++) {
			state = state * 1664525U + 1013904223U;
			b.at[(state >> 8) % (round % 3 ? 60 : b.len)] =
			    (unsigned char)(state >> 3);
		}
		struct media_probe p;
		cr_assert_eq(media_probe_bytes(
				 (struct str){(const char *)b.at, b.len}, &p),
		    OK);
		cr_assert_geq(p.frames, 0);
		cr_assert(p.orientation >= 1 && p.orientation <= 8);
	}
}
