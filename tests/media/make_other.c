/* PNG, GIF and WebP files; PNG's and WebP's pixels by their libraries, the
 * blocks round them by hand, so that they can be wrong. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <webp/encode.h>
#include <zlib.h>

void
png_chunk(struct blob *b, const char *type, struct blob data)
{
	blob_put_be(b, data.len, 4);
	size_t from = b->len;
	blob_put(b, type, 4);
	blob_put(b, data.at, data.len);
	blob_put_be(b, crc32(0, b->at + from, (uInt)(data.len + 4)), 4);
}

struct blob
png_head(uint32_t width, uint32_t height, int depth, int colour_type)
{
	struct blob b = {0};
	struct blob head = {0};
	blob_put(&b, "\x89PNG\r\n\x1a\n", 8);
	blob_put_be(&head, width, 4);
	blob_put_be(&head, height, 4);
	blob_put_be(&head, (uint64_t)depth, 1);
	blob_put_be(&head, (uint64_t)colour_type, 1);
	blob_put_be(&head, 0, 3);
	png_chunk(&b, "IHDR", head);
	return b;
}

static void
png_write(png_structp png, png_bytep at, size_t size)
{
	blob_put(png_get_io_ptr(png), at, size);
}

static void
png_set_extra(png_structp png, png_infop info, struct png_extra extra)
{
	if (extra.icc.len > 0)
		png_set_iCCP(png, info, "profile", 0, extra.icc.at,
		    (png_uint_32)extra.icc.len);
	if (!extra.has_secrets)
		return;
	static char key[] = "Location";
	static char value[] = SECRET;
	png_text text = {.compression = PNG_TEXT_COMPRESSION_NONE,
	    .key = key,
	    .text = value,
	    .text_length = sizeof value - 1};
	png_set_text(png, info, &text, 1);
	/* A TIFF structure with a description at its end. */
	static unsigned char exif[] = "MM\0*\0\0\0\x08\0\x01\x01\x0e\0\x02"
				      "\0\0\0\x12\0\0\0\x1a\0\0\0\0" SECRET;
	png_set_eXIf_1(png, info, sizeof exif, exif);
}

/* One row of the raster as the file has it. */
static size_t
png_pixel(const unsigned char *rgb, bool is_left, struct png_extra extra,
    unsigned char *to)
{
	int bytes = extra.depth == 16 ? 2 : 1;
	size_t n = 0;
	for (int c = 0; c < (extra.is_grey ? 1 : 3); c++)
		for (int i = 0; i < bytes; i++)
			to[n++] = rgb[c];
	for (int i = 0; extra.has_alpha && i < bytes; i++)
		to[n++] = is_left ? 0 : 255;
	return n;
}

struct blob
make_png(struct raster r, struct png_extra extra)
{
	struct blob b = {0};
	png_structp png =
	    png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	png_set_write_fn(png, &b, png_write, NULL);
	int type = (extra.is_grey ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB) |
	           (extra.has_alpha ? PNG_COLOR_MASK_ALPHA : 0);
	png_set_IHDR(png, info, (png_uint_32)r.width, (png_uint_32)r.height,
	    extra.depth == 0 ? 8 : extra.depth, type,
	    extra.is_interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0,
	    0);
	png_set_extra(png, info, extra);
	png_write_info(png, info);
	unsigned char *pixels = malloc(r.width * r.height * 8);
	unsigned char **rows = malloc(r.height * sizeof *rows);
	unsigned char *to = pixels;
	for (size_t y = 0; y < r.height; y++) {
		rows[y] = to;
		for (size_t x = 0; x < r.width; x++)
			to += png_pixel(r.rgb + (y * r.width + x) * 3,
			    x * 2 < r.width, extra, to);
	}
	png_write_image(png, rows);
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	free(rows);
	free(pixels);
	return b;
}

struct blob
gif_head(unsigned width, unsigned height)
{
	struct blob b = {0};
	blob_put_text(&b, "GIF89a");
	blob_put_le(&b, width, 2);
	blob_put_le(&b, height, 2);
	blob_put(&b, "\0\0\0", 3);
	return b;
}

/* 6 levels of each channel. */
static unsigned
gif_index(const unsigned char *rgb)
{
	return (unsigned)((rgb[0] + 25) / 51 * 36 + (rgb[1] + 25) / 51 * 6 +
			  (rgb[2] + 25) / 51);
}

/* LZW without compression: 9-bit codes, a clear code before the table could
 * grow to 10 bits. */
static struct blob
gif_codes(struct raster r)
{
	struct blob b = {0};
	uint32_t held = 0;
	int bits = 0;
	size_t n = r.width * r.height;
	for (size_t i = 0; i <= n; i++) {
		unsigned codes[2] = {
		    256, i == n ? 257 : gif_index(r.rgb + i * 3)};
		for (int c = i % 200 == 0 && i < n ? 0 : 1; c < 2; c++) {
			held |= codes[c] << bits;
			bits += 9;
			for (; bits >= 8; bits -= 8) {
				blob_put_le(&b, held & 255, 1);
				held >>= 8;
			}
		}
	}
	blob_put_le(&b, held & 255, 1);
	return b;
}

static void
gif_picture(struct blob *b, struct raster r)
{
	blob_put(b, ",\0\0\0\0", 5);
	blob_put_le(b, r.width, 2);
	blob_put_le(b, r.height, 2);
	blob_put(b, "\0\x08", 2);
	struct blob codes = gif_codes(r);
	for (size_t at = 0; at < codes.len; at += 255) {
		size_t n = codes.len - at < 255 ? codes.len - at : 255;
		blob_put_le(b, n, 1);
		blob_put(b, codes.at + at, n);
	}
	blob_put_le(b, 0, 1);
}

struct blob
make_gif(struct raster r, int frames)
{
	struct blob b = gif_head((unsigned)r.width, (unsigned)r.height);
	b.at[10] = 0xf7; /* a palette of 256 */
	for (unsigned i = 0; i < 256; i++) {
		unsigned char rgb[3] = {(unsigned char)(i / 36 % 6 * 51),
		    (unsigned char)(i / 6 % 6 * 51),
		    (unsigned char)(i % 6 * 51)};
		blob_put(&b, rgb, 3);
	}
	for (int i = 0; i < frames; i++) {
		blob_put(&b, "!\xf9\x04\0\x0a\0\0\0", 8);
		gif_picture(&b, r);
	}
	blob_put_text(&b, ";");
	return b;
}

struct blob
make_webp(struct raster r, bool is_lossless, bool has_alpha)
{
	unsigned char *rgba = malloc(r.width * r.height * 4);
	for (size_t i = 0; i < r.width * r.height; i++) {
		memcpy(rgba + i * 4, r.rgb + i * 3, 3);
		bool is_left = i % r.width * 2 < r.width;
		rgba[i * 4 + 3] = has_alpha && is_left ? 0 : 255;
	}
	int width = (int)r.width;
	int height = (int)r.height;
	uint8_t *out = NULL;
	size_t size =
	    is_lossless
		? WebPEncodeLosslessRGBA(rgba, width, height, width * 4, &out)
		: WebPEncodeRGBA(rgba, width, height, width * 4, 95, &out);
	cr_assert_gt(size, 0);
	struct blob b = {0};
	blob_put(&b, out, size);
	WebPFree(out);
	free(rgba);
	return b;
}

void
webp_chunk(struct blob *b, const char *type, struct blob data)
{
	blob_put(b, type, 4);
	blob_put_le(b, data.len, 4);
	blob_put(b, data.at, data.len);
	if (data.len % 2 == 1)
		blob_put_le(b, 0, 1);
}

struct blob
webp_chunks(struct blob chunks)
{
	struct blob b = {0};
	blob_put_text(&b, "RIFF");
	blob_put_le(&b, chunks.len + 4, 4);
	blob_put_text(&b, "WEBP");
	blob_put(&b, chunks.at, chunks.len);
	return b;
}

struct blob
webp_extended(unsigned flags, uint32_t width, uint32_t height)
{
	struct blob b = {0};
	blob_put_le(&b, flags, 4);
	blob_put_le(&b, width - 1, 3);
	blob_put_le(&b, height - 1, 3);
	return b;
}

struct blob
make_webp_animation(struct raster r, int frames, size_t width, size_t height,
    size_t x, size_t y)
{
	struct blob chunks = {0};
	webp_chunk(&chunks, "VP8X",
	    webp_extended(2, (uint32_t)width, (uint32_t)height));
	struct blob loop = {0};
	blob_put_le(&loop, 0, 6);
	webp_chunk(&chunks, "ANIM", loop);
	struct blob picture = make_webp(r, true, false);
	struct blob frame = {0};
	blob_put_le(&frame, x / 2, 3);
	blob_put_le(&frame, y / 2, 3);
	blob_put_le(&frame, r.width - 1, 3);
	blob_put_le(&frame, r.height - 1, 3);
	blob_put_le(&frame, 100, 3);
	blob_put_le(&frame, 0, 1);
	blob_put(&frame, picture.at + 12, picture.len - 12);
	for (int i = 0; i < frames; i++)
		webp_chunk(&chunks, "ANMF", frame);
	return webp_chunks(chunks);
}
