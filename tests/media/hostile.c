/* A corpus of hostile files, all made here.  Each ends in bounded time and
 * memory, with the right refusal or with harmless pictures. */
#include "hostile.h"

#include "base/clock.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
	TIME_MAX_US = 2000000,
	MEMORY_MAX_BYTES = 512 << 20
};

void
expect(const char *name, struct blob upload, enum media_refusal want)
{
	int64_t start = clock_monotonic_us();
	struct derived d = derive(upload);
	int64_t took = clock_monotonic_us() - start;
	enum media_refusal got = d.result.refusal;
	cr_expect_eq(got, want, "%s: %s, not %s", name, media_refusal_name(got),
	    media_refusal_name(want));
	cr_expect_eq(d.err, want == MEDIA_FINE ? OK : ERR_INPUT, "%s: %s", name,
	    err_name(d.err));
	cr_expect_lt(
	    took, TIME_MAX_US, "%s took %lld us", name, (long long)took);
	cr_expect_lt(d.result.peak_bytes, MEMORY_MAX_BYTES, "%s took %lld",
	    name, (long long)d.result.peak_bytes);
	if (d.err == OK)
		(void)derived_raster(&d, 0);
}

static struct raster
small(void)
{
	return raster_photo(64, 48, 1);
}

static struct blob
zeros(size_t len)
{
	return (struct blob){.at = keep_alloc(len + 1), .len = len};
}

/* `len` zero bytes, deflated. */
static struct blob
deflated_zeros(size_t len)
{
	struct blob out = {0};
	unsigned char in[65536] = {0};
	unsigned char buffer[65536];
	z_stream z = {0};
	cr_assert_eq(deflateInit(&z, 6), Z_OK);
	while (len > 0 || z.avail_in > 0) {
		if (z.avail_in == 0) {
			z.next_in = in;
			z.avail_in = (uInt)(len < sizeof in ? len : sizeof in);
			len -= z.avail_in;
		}
		z.next_out = buffer;
		z.avail_out = sizeof buffer;
		(void)deflate(&z, Z_NO_FLUSH);
		blob_put(&out, buffer, sizeof buffer - z.avail_out);
	}
	int state;
	do {
		z.next_out = buffer;
		z.avail_out = sizeof buffer;
		state = deflate(&z, Z_FINISH);
		blob_put(&out, buffer, sizeof buffer - z.avail_out);
	} while (state == Z_OK);
	cr_assert_eq(deflateEnd(&z), Z_OK);
	return out;
}

/* A grey PNG that is black all over. */
static struct blob
black_png(uint32_t width, uint32_t height, int depth, size_t data_bytes)
{
	struct blob b = png_head(width, height, depth, 0);
	png_chunk(&b, "IDAT", deflated_zeros(data_bytes));
	png_chunk(&b, "IEND", (struct blob){0});
	return b;
}

static struct blob
png_with(const char *type, struct blob data)
{
	struct blob b = png_head(64, 48, 8, 0);
	png_chunk(&b, type, data);
	png_chunk(&b, "IDAT", deflated_zeros((size_t)65 * 48));
	png_chunk(&b, "IEND", (struct blob){0});
	return b;
}

Test(hostile, png_bombs)
{
	expect("PNG of 20000 x 20000",
	    black_png(20000, 20000, 1, (size_t)2501 * 20000),
	    MEDIA_TOO_MANY_PIXELS);
	expect("60 bytes that claim 30000 x 30000",
	    blob_cut(black_png(30000, 30000, 8, 1000), 60),
	    MEDIA_TOO_MANY_PIXELS);
	expect("60 bytes that claim 7000 x 7000",
	    blob_cut(black_png(7000, 7000, 8, 1000), 60), MEDIA_BROKEN);
	expect("PNG of 4294967295 pixels a side",
	    black_png(0xffffffff, 0xffffffff, 8, 100), MEDIA_TOO_MANY_PIXELS);
	expect(
	    "PNG of 70000 x 1", black_png(70000, 1, 8, 70001), MEDIA_TOO_LONG);
	expect("PNG of 59 million pixels in a few bytes",
	    black_png(7700, 7700, 1, (size_t)964 * 7700), MEDIA_FINE);
	expect("PNG of 7000 x 7000 without its pixels",
	    black_png(7000, 7000, 8, 100), MEDIA_BROKEN);
	struct blob text = {0};
	blob_put(&text, "Comment\0\0", 9);
	struct blob bomb = deflated_zeros(200 << 20);
	blob_put(&text, bomb.at, bomb.len);
	expect("PNG with 200 MB of deflated text", png_with("zTXt", text),
	    MEDIA_FINE);
	expect(
	    "PNG with a profile of 200 MB", png_with("iCCP", text), MEDIA_FINE);
}

Test(hostile, png_damage)
{
	expect("PNG without width", black_png(0, 10, 8, 11), MEDIA_NO_PIXELS);
	expect("PNG without height", black_png(10, 0, 8, 11), MEDIA_NO_PIXELS);
	expect("PNG of 3 bits", black_png(64, 48, 3, 65 * 48), MEDIA_BROKEN);
	struct blob good = make_png(small(), (struct png_extra){0});
	expect("PNG cut in the middle", blob_cut(good, good.len / 2),
	    MEDIA_BROKEN);
	expect("PNG cut before its end", blob_cut(good, good.len - 1),
	    MEDIA_BROKEN);
	expect("PNG signature alone", blob_cut(good, 8), MEDIA_BROKEN);
	struct blob wrong = {0};
	blob_put(&wrong, good.at, good.len);
	wrong.at[good.len / 2] ^= 0x55;
	expect("PNG with a wrong checksum", wrong, MEDIA_BROKEN);
	struct blob noise = {0};
	blob_put_text(&noise, "this is not what deflate writes");
	struct blob b = png_head(64, 48, 8, 0);
	png_chunk(&b, "IDAT", noise);
	png_chunk(&b, "IEND", (struct blob){0});
	expect("PNG whose pixels are text", b, MEDIA_BROKEN);
	struct blob headless = {0};
	blob_put(&headless, good.at, 8);
	blob_put(&headless, good.at + 33, good.len - 33);
	expect("PNG without a header", headless, MEDIA_BROKEN);
	struct blob many = png_head(64, 48, 8, 0);
	struct blob letter = {0};
	blob_put(&letter, "a\0b", 3);
	for (int i = 0; i < 100000; i++)
		png_chunk(&many, "tEXt", letter);
	png_chunk(&many, "IDAT", deflated_zeros((size_t)65 * 48));
	png_chunk(&many, "IEND", (struct blob){0});
	expect("PNG with 100,000 texts", many, MEDIA_FINE);
	struct blob frames = {0};
	blob_put_be(&frames, 0xffffffff, 4);
	blob_put_be(&frames, 0, 4);
	expect("PNG of 4 billion frames", png_with("acTL", frames),
	    MEDIA_TOO_MANY_FRAMES);
	expect("PNG with EXIF of noise", png_with("eXIf", noise), MEDIA_FINE);
}

static struct blob
gif_picture_of(unsigned width, unsigned height, const char *data, size_t len)
{
	struct blob b = {0};
	blob_put(&b, ",\0\0\0\0", 5);
	blob_put_le(&b, width, 2);
	blob_put_le(&b, height, 2);
	blob_put_le(&b, 0, 1);
	blob_put(&b, data, len);
	return b;
}

static struct blob
gif_of(unsigned screen, unsigned frame, const char *data, size_t len)
{
	struct blob b = gif_head(screen, screen);
	struct blob picture = gif_picture_of(frame, frame, data, len);
	b.at[10] = 0x80; /* two colours */
	blob_put(&b, "\0\0\0\xff\xff\xff", 6);
	blob_put(&b, picture.at, picture.len);
	blob_put_text(&b, ";");
	return b;
}

/* Code size 2: clear, 1, end. */
#define GIF_DOT "\x02\x02\x4c\x01\0", 5

Test(hostile, gif_bombs_and_damage)
{
	expect("GIF of one pixel", gif_of(1, 1, GIF_DOT), MEDIA_FINE);
	expect("GIF with a screen of 65535 x 65535", gif_of(65535, 1, GIF_DOT),
	    MEDIA_TOO_MANY_PIXELS);
	expect("GIF with a frame of 65535 x 65535 on one pixel",
	    gif_of(1, 65535, GIF_DOT), MEDIA_TOO_MANY_PIXELS);
	expect("GIF of 7000 x 7000 with the data of one pixel",
	    gif_of(7000, 7000, GIF_DOT), MEDIA_BROKEN);
	expect("GIF with a frame of nothing", gif_of(10, 0, GIF_DOT),
	    MEDIA_BROKEN);
	expect("GIF with a screen of nothing", gif_of(0, 1, GIF_DOT),
	    MEDIA_NO_PIXELS);
	expect("GIF with codes of 200 bits",
	    gif_of(1, 1, "\xc8\x02\x4c\x01\0", 5), MEDIA_BROKEN);
	expect("GIF with a code before any other",
	    gif_of(2, 2, "\x02\x02\xff\xff\0", 5), MEDIA_BROKEN);
	struct blob none = gif_head(10, 10);
	blob_put_text(&none, ";");
	expect("GIF without a frame", none, MEDIA_BROKEN);
	struct blob noise = gif_head(10, 10);
	blob_put_text(&noise, "<script>alert(1)</script>");
	expect("GIF that goes on as HTML", noise, MEDIA_BROKEN);
	struct blob good = make_gif(small(), 2);
	expect(
	    "GIF cut in its first frame", blob_cut(good, 1500), MEDIA_BROKEN);
	expect("GIF cut in its second frame", blob_cut(good, good.len - 500),
	    MEDIA_BROKEN);
	expect(
	    "GIF without its end", blob_cut(good, good.len - 1), MEDIA_BROKEN);
	struct blob endless = gif_of(4, 1, GIF_DOT);
	endless.len--;
	struct blob frame = gif_picture_of(1, 1, GIF_DOT);
	for (int i = 0; i < 100000; i++)
		blob_put(&endless, frame.at, frame.len);
	blob_put_text(&endless, ";");
	expect("GIF of 100,001 frames", endless, MEDIA_TOO_MANY_FRAMES);
	struct blob chain = gif_head(4, 4);
	blob_put(&chain, "!\xfe", 2);
	for (int i = 0; i < 2000000; i++)
		blob_put(&chain, "\x01x", 2);
	expect("GIF with an endless comment", chain, MEDIA_BROKEN);
}

Test(hostile, webp_bombs_and_damage)
{
	struct blob good = make_webp(small(), true, false);
	struct blob chunks = {0};
	webp_chunk(&chunks, "VP8X", webp_extended(0, 1 << 24, 1 << 24));
	blob_put(&chunks, good.at + 12, good.len - 12);
	expect("WebP with a canvas of 16777216 x 16777216", webp_chunks(chunks),
	    MEDIA_TOO_MANY_PIXELS);
	struct blob data = {0};
	blob_put(&data, "\x2f\xff\xff\xff\x0f\0\0\0", 8);
	chunks = (struct blob){0};
	webp_chunk(&chunks, "VP8L", data);
	expect("WebP of 16384 x 16384 in 8 bytes", webp_chunks(chunks),
	    MEDIA_TOO_MANY_PIXELS);
	data = (struct blob){0};
	blob_put_le(&data, 0x2f, 1);
	blob_put_le(&data, 6999 | 6999 << 14, 4);
	blob_put_le(&data, 0, 8);
	chunks = (struct blob){0};
	webp_chunk(&chunks, "VP8L", data);
	expect("WebP of 7000 x 7000 in 13 bytes", webp_chunks(chunks),
	    MEDIA_BROKEN);
	data = (struct blob){0};
	blob_put(&data, "\x10\0\0\x9d\x01\x2a\0\0\0\0", 10);
	chunks = (struct blob){0};
	webp_chunk(&chunks, "VP8 ", data);
	expect("WebP without pixels", webp_chunks(chunks), MEDIA_NO_PIXELS);
	chunks = (struct blob){0};
	webp_chunk(&chunks, "VP8X", webp_extended(0, 2000, 2000));
	blob_put(&chunks, good.at + 12, good.len - 12);
	expect("WebP whose picture is not its canvas", webp_chunks(chunks),
	    MEDIA_BROKEN);
	expect("WebP animation with a frame outside",
	    make_webp_animation(small(), 2, 64, 48, 100, 0), MEDIA_BROKEN);
	expect("WebP of 3,000 frames",
	    make_webp_animation(
		raster_plain(1, 1, (struct rgb){0}), 3000, 64, 48, 0, 0),
	    MEDIA_TOO_MANY_FRAMES);
	expect("WebP cut in the middle", blob_cut(good, good.len / 2),
	    MEDIA_BROKEN);
	struct blob lie = {0};
	blob_put(&lie, good.at, good.len);
	memset(lie.at + 4, 0xff, 4);
	expect("WebP that claims 4 GB", lie, MEDIA_BROKEN);
	chunks = (struct blob){0};
	webp_chunk(&chunks, "JUNK", zeros(20));
	expect("WebP without a picture", webp_chunks(chunks), MEDIA_BROKEN);
	struct blob noise = make_webp(small(), false, false);
	for (size_t i = 60; i < noise.len; i++)
		noise.at[i] = (unsigned char)(i * 37);
	struct derived d = derive(noise);
	cr_expect(d.err == OK || d.result.refusal == MEDIA_BROKEN,
	    "lossy noise is a picture or broken");
}

static struct blob
good_jpeg(void)
{
	return make_jpeg(
	    raster_photo(400, 300, 2), JPEG_YCC, (struct jpeg_extra){0});
}

/* The good JPEG with bytes put behind its first two. */
static struct blob
jpeg_with(struct blob segments)
{
	struct blob good = good_jpeg();
	struct blob b = {0};
	blob_put(&b, good.at, 2);
	blob_put(&b, segments.at, segments.len);
	blob_put(&b, good.at + 2, good.len - 2);
	return b;
}

static void
put_segment(struct blob *b, unsigned marker, struct blob data)
{
	blob_put_be(b, 0xff00 | marker, 2);
	blob_put_be(b, data.len + 2, 2);
	blob_put(b, data.at, data.len);
}

/* The good JPEG with the byte `at` bytes behind a marker's replaced. */
static struct blob
jpeg_patched(unsigned marker, size_t at, unsigned char value)
{
	struct blob b = good_jpeg();
	unsigned char name[2] = {0xff, (unsigned char)marker};
	unsigned char *found = memmem(b.at, b.len, name, 2);
	cr_assert_not_null(found);
	found[at] = value;
	return b;
}

/* The good JPEG without its segments of a kind. */
static struct blob
jpeg_without(unsigned marker)
{
	struct blob b = good_jpeg();
	struct blob out = {0};
	blob_put(&out, b.at, 2);
	size_t at = 2;
	while (at + 4 < b.len && b.at[at + 1] != 0xda) {
		size_t size = 2 + ((size_t)b.at[at + 2] << 8 | b.at[at + 3]);
		if (b.at[at + 1] != marker)
			blob_put(&out, b.at + at, size);
		at += size;
	}
	blob_put(&out, b.at + at, b.len - at);
	return out;
}

Test(hostile, jpeg_bombs)
{
	struct blob huge = good_jpeg();
	unsigned char *frame = memmem(huge.at, huge.len, "\xff\xc0", 2);
	memset(frame + 5, 0xff, 4);
	expect("JPEG of 65535 x 65535", huge, MEDIA_TOO_MANY_PIXELS);
	struct blob wide = good_jpeg();
	frame = memmem(wide.at, wide.len, "\xff\xc0", 2);
	memcpy(frame + 5, "\x1d\x4c\x1d\x4c", 4);
	expect("JPEG that claims 7500 x 7500 and has 400 x 300", wide,
	    MEDIA_BROKEN);
	expect("JPEG of 58 million pixels of one colour",
	    make_jpeg(raster_plain(7800, 7500, (struct rgb){9, 9, 9}),
		JPEG_GREY, (struct jpeg_extra){0}),
	    MEDIA_FINE);
	/* Each refinement scan goes over the whole picture. */
	struct blob slow = make_jpeg(raster_plain(800, 800, (struct rgb){0}),
	    JPEG_PROGRESSIVE, (struct jpeg_extra){0});
	slow.len -= 2;
	unsigned char *scan = memmem(slow.at, slow.len, "\xff\xda", 2);
	size_t from = (size_t)(scan - slow.at);
	unsigned char *next =
	    memmem(scan + 2, slow.len - from - 2, "\xff\xc4", 2);
	struct blob copy = {0};
	blob_put(&copy, scan, (size_t)(next - scan));
	for (int i = 0; i < 3000; i++)
		blob_put(&slow, copy.at, copy.len);
	blob_put(&slow, "\xff\xd9", 2);
	expect("JPEG of 3,000 scans", slow, MEDIA_BROKEN);
	struct blob fill = {0};
	blob_put(&fill, "\xff\xd8", 2);
	for (int i = 0; i < 1000000; i++)
		blob_put(&fill, "\xff", 1);
	expect("JPEG of fill bytes", fill, MEDIA_BROKEN);
	struct blob comments = {0};
	for (int i = 0; i < 100000; i++)
		put_segment(&comments, 0xfe, (struct blob){0});
	expect("JPEG of 100,000 comments", jpeg_with(comments), MEDIA_BROKEN);
}

Test(hostile, jpeg_damage)
{
	struct blob good = good_jpeg();
	expect("JPEG cut in the middle", blob_cut(good, good.len / 2),
	    MEDIA_BROKEN);
	expect("JPEG cut before its end", blob_cut(good, good.len - 2),
	    MEDIA_BROKEN);
	expect("JPEG cut after two bytes", blob_cut(good, 3), MEDIA_BROKEN);
	expect(
	    "JPEG with rows to spare", jpeg_patched(0xc0, 6, 0), MEDIA_BROKEN);
	struct blob flat = good_jpeg();
	unsigned char *frame = memmem(flat.at, flat.len, "\xff\xc0", 2);
	memset(frame + 5, 0, 2);
	expect("JPEG of height 0", flat, MEDIA_NO_PIXELS);
	expect("JPEG of 12 bits", jpeg_patched(0xc0, 4, 12), MEDIA_BROKEN);
	expect("JPEG of 9 components", jpeg_patched(0xc0, 9, 9), MEDIA_BROKEN);
	expect(
	    "JPEG with sampling 0x0", jpeg_patched(0xc0, 11, 0), MEDIA_BROKEN);
	expect("JPEG that says it is lossless", jpeg_patched(0xc0, 1, 0xc3),
	    MEDIA_BROKEN);
	expect("JPEG without quantisation tables", jpeg_without(0xdb),
	    MEDIA_BROKEN);
	expect("JPEG without a frame", jpeg_without(0xc0), MEDIA_BROKEN);
	struct blob twice = {0};
	unsigned char *sof = memmem(good.at, good.len, "\xff\xc0", 2);
	blob_put(&twice, sof, 19);
	expect("JPEG with two frames", jpeg_with(twice), MEDIA_BROKEN);
	struct blob noise = good_jpeg();
	for (size_t i = noise.len / 2; i < noise.len - 2; i++)
		noise.at[i] = (unsigned char)((i * 7919) >> 4 & 0x7f);
	expect("JPEG with noise for its second half", noise, MEDIA_BROKEN);
}

Test(hostile, jpeg_metadata)
{
	struct blob exif = {0};
	struct blob segments = {0};
	blob_put(&exif, "Exif\0\0MM\0*\xff\xff\xff\xf0", 14);
	put_segment(&segments, 0xe1, exif);
	expect("JPEG with EXIF that points nowhere", jpeg_with(segments),
	    MEDIA_FINE);
	exif = (struct blob){0};
	segments = (struct blob){0};
	blob_put(&exif, "Exif\0\0II*\0\x08\0\0\0\xff\xff", 16);
	for (int i = 0; i < 5000; i++)
		blob_put(&exif, "\x12\x01\x04\0\xff\xff\xff\xff\0\0\0\0", 12);
	put_segment(&segments, 0xe1, exif);
	expect("JPEG with EXIF of 65,535 entries", jpeg_with(segments),
	    MEDIA_FINE);
	segments = (struct blob){0};
	for (int i = 1; i <= 255; i++) {
		struct blob icc = {0};
		blob_put(&icc, "ICC_PROFILE", 12);
		blob_put_be(&icc, (uint64_t)i, 1);
		blob_put_be(&icc, 255, 1);
		struct blob part = zeros(60000);
		memset(part.at, i, part.len);
		blob_put(&icc, part.at, part.len);
		put_segment(&segments, 0xe2, icc);
	}
	expect("JPEG with a profile of 15 MB", jpeg_with(segments), MEDIA_FINE);
	struct blob broken = icc_display_p3();
	memset(broken.at + 128, 0xff, broken.len - 128);
	expect("JPEG with a profile of noise",
	    make_jpeg(small(), JPEG_YCC, (struct jpeg_extra){.icc = broken}),
	    MEDIA_FINE);
	expect("JPEG with the profile of another model",
	    make_jpeg(small(), JPEG_GREY,
		(struct jpeg_extra){.icc = icc_display_p3()}),
	    MEDIA_FINE);
	segments = (struct blob){0};
	struct blob preview = good_jpeg();
	put_segment(&segments, 0xe1, blob_cut(preview, 60000));
	expect("JPEG with a JPEG inside", jpeg_with(segments), MEDIA_FINE);
}

Test(hostile, polyglots_leave_only_their_picture)
{
	static const char page[] = "<html><script>alert(1)</script></html>";
	struct blob uploads[3] = {good_jpeg(), make_gif(small(), 1),
	    make_png(small(), (struct png_extra){0})};
	for (size_t i = 0; i < 3; i++) {
		blob_put_text(&uploads[i], page);
		blob_put(&uploads[i], "PK\x03\x04", 4);
		struct derived d = derive(uploads[i]);
		cr_assert_eq(d.err, OK);
		for (size_t p = 0; p < 3; p++)
			cr_assert_not(blob_has(derived_blob(&d, p), "script"));
	}
}

static struct blob
text(const char *at, size_t len)
{
	struct blob b = {0};
	blob_put(&b, at, len);
	return b;
}
#define TEXT(literal) text(literal, sizeof(literal) - 1)

Test(hostile, what_is_no_picture)
{
	struct blob swapped =
	    make_jpeg(small(), JPEG_YCC, (struct jpeg_extra){0});
	memcpy(swapped.at, "\x89PNG\r\n\x1a\n", 8);
	expect("JPEG that says PNG", swapped, MEDIA_BROKEN);
	struct blob other = make_png(small(), (struct png_extra){0});
	memcpy(other.at, "GIF89a", 6);
	expect("PNG that says GIF", other, MEDIA_BROKEN);
	expect("nothing", (struct blob){0}, MEDIA_EMPTY);
	expect("one byte", TEXT("\xff"), MEDIA_WRONG_TYPE);
	expect("HTML", TEXT("<html><img src=x onerror=alert(1)></html>"),
	    MEDIA_WRONG_TYPE);
	expect("SVG with a script",
	    TEXT("<?xml version='1.0'?><svg><script>alert(1)</script></svg>"),
	    MEDIA_WRONG_TYPE);
	expect("HEIC",
	    TEXT("\0\0\0\x18"
		 "ftypheic\0\0\0\0mif1heic"),
	    MEDIA_WRONG_TYPE);
	expect("AVIF",
	    TEXT("\0\0\0\x18"
		 "ftypavif\0\0\0\0mif1avif"),
	    MEDIA_WRONG_TYPE);
	expect("TIFF", TEXT("II*\0\x08\0\0\0"), MEDIA_WRONG_TYPE);
	expect("BMP", TEXT("BM\xff\xff\xff\xff\0\0\0\0"), MEDIA_WRONG_TYPE);
	expect("ImageMagick's own language",
	    TEXT("push graphic-context\nviewbox 0 0 640 480\nfill "
		 "'url(https://127.0.0.1/|ls)'\npop graphic-context"),
	    MEDIA_WRONG_TYPE);
	expect("PostScript", TEXT("%!PS-Adobe-3.0 EPSF"), MEDIA_WRONG_TYPE);
	expect("ZIP", TEXT("PK\x03\x04"), MEDIA_WRONG_TYPE);
	expect("a megabyte of zeros", zeros(1 << 20), MEDIA_WRONG_TYPE);
}

Test(hostile, random_damage_ends_well)
{
	struct raster r = small();
	struct blob all[] = {
	    make_jpeg(r, JPEG_PROGRESSIVE,
		(struct jpeg_extra){.orientation = 6, .icc = icc_display_p3()}),
	    make_png(r, (struct png_extra){.icc = icc_display_p3()}),
	    make_webp(r, false, true), make_gif(r, 1)};
	uint32_t state = 99;
	for (int round = 0; round < 160; round++) {
		struct blob b = {0};
		blob_put(&b, all[round % 4].at, all[round % 4].len);
		for (int hit = 0; hit < 3; hit++) {
			state = state * 1664525U + 1013904223U;
			b.at[(state >> 8) % b.len] =
			    (unsigned char)(state >> 3);
		}
		struct derived d = derive(b);
		cr_assert(d.err == OK || d.err == ERR_INPUT, "round %d: %s",
		    round, err_name(d.err));
	}
}
