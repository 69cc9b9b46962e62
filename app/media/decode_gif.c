/* GIF by way of libgd.
 *
 * libgd takes a file whose pixel data ends early without a word, so the
 * codes are counted first; and it gives the first frame alone, without its
 * place on the canvas, which the prober knows.
 */
#include "media/decode.h"

#include <errno.h>
#include <gd.h>
#include <stdio.h>
#include <string.h>

enum {
	CODES_MAX = 4096,
	CODE_SIZE_MAX = 11,
	SCREEN_START = 6, /* width and height of the canvas */
	SCREEN_END = 10
};

/* Bits, least significant first, out of a chain of sub-blocks. */
struct bits {
	struct str in;
	size_t block_left;
	uint32_t held;
	unsigned count;
	bool is_over;
};

static uint32_t
bits_take(struct bits *b, unsigned n)
{
	while (b->count < n) {
		if (b->block_left == 0 && b->in.len > 0) {
			b->block_left = (unsigned char)b->in.at[0];
			b->in = str_slice(b->in, 1, b->in.len);
		}
		if (b->block_left == 0 || b->in.len == 0) {
			b->is_over = true;
			return 0;
		}
		b->held |= (uint32_t)(unsigned char)b->in.at[0] << b->count;
		b->count += 8;
		b->in = str_slice(b->in, 1, b->in.len);
		b->block_left--;
	}
	uint32_t value = b->held & ((1U << n) - 1);
	b->held >>= n;
	b->count -= n;
	return value;
}

/* How many pixels the codes stand for; counts no further than `enough`.
 * GIF89a appendix F. */
static uint64_t
count_pixels(struct str lzw, uint64_t enough)
{
	unsigned least = lzw.len == 0 ? 0 : (unsigned char)lzw.at[0];
	if (least < 1 || least > CODE_SIZE_MAX)
		return 0;
	uint16_t lengths[CODES_MAX];
	uint32_t clear = 1U << least;
	uint32_t next = clear + 2;
	uint32_t previous = clear;
	unsigned width = least + 1;
	uint64_t pixels = 0;
	struct bits b = {.in = str_slice(lzw, 1, lzw.len)};
	while (pixels < enough) {
		uint32_t code = bits_take(&b, width);
		if (b.is_over || code == clear + 1)
			break;
		if (code == clear) {
			next = clear + 2;
			width = least + 1;
			previous = clear;
			continue;
		}
		if (code > next || (code == next && previous == clear))
			break;
		uint16_t base = previous == clear  ? 0
		                : previous < clear ? 1
		                                   : lengths[previous];
		if (previous != clear && next < CODES_MAX) {
			lengths[next++] = (uint16_t)(base + 1);
			if (next == 1U << width && width < 12)
				width++;
		}
		if (code >= next)
			break;
		pixels += code < clear ? 1 : lengths[code];
		previous = code;
	}
	return pixels;
}

/* libgd's way of reading, from bytes. */
struct reader {
	gdIOCtx gd; /* first: libgd hands back its address */
	struct str rest;
	size_t done;
};

/* libgd refuses a frame that reaches past the screen, which browsers show,
 * and makes no other use of the screen's size: say that it is huge. */
static void
widen_screen(const struct reader *r, unsigned char *to, size_t n)
{
	for (size_t i = 0; i < n && r->done + i < SCREEN_END; i++)
		if (r->done + i >= SCREEN_START)
			to[i] = 0xff;
}

static int
on_read(gdIOCtx *gd, void *to, int size)
{
	struct reader *r = (struct reader *)(void *)gd;
	if (size <= 0)
		return 0;
	size_t n = (size_t)size < r->rest.len ? (size_t)size : r->rest.len;
	memcpy(to, r->rest.at, n);
	widen_screen(r, to, n);
	r->done += n;
	r->rest = str_slice(r->rest, n, r->rest.len);
	return (int)n;
}

static int
on_read_byte(gdIOCtx *gd)
{
	unsigned char c;
	return on_read(gd, &c, 1) == 1 ? c : EOF;
}

static void
on_message(int priority, const char *format, va_list arguments)
{
	(void)priority;
	(void)format;
	(void)arguments;
}

struct colours {
	uint8_t rgb[3][gdMaxColors];
	uint8_t alpha[gdMaxColors];
};

/* The palette, what is transparent as the background. */
static void
read_palette(gdImagePtr image, uint32_t background, struct colours *to)
{
	int clear = gdImageGetTransparent(image);
	for (int i = 0; i < gdMaxColors; i++) {
		bool is_clear = i == clear || i >= gdImageColorsTotal(image);
		to->alpha[i] = is_clear ? 0 : 255;
		to->rgb[0][i] =
		    (uint8_t)(is_clear ? background >> 16 & 255
				       : (uint32_t)gdImageRed(image, i));
		to->rgb[1][i] =
		    (uint8_t)(is_clear ? background >> 8 & 255
				       : (uint32_t)gdImageGreen(image, i));
		to->rgb[2][i] =
		    (uint8_t)(is_clear ? background & 255
				       : (uint32_t)gdImageBlue(image, i));
	}
}

/* Row j of the canvas. */
static void
put_row(gdImagePtr image, const struct media_probe *probe,
    const struct colours *colours, uint32_t background, int64_t j,
    struct shrink *s)
{
	int64_t x0 = probe->frame_x_px;
	int64_t row = j - probe->frame_y_px;
	int64_t n = gdImageSX(image);
	if (n > probe->width_px - x0)
		n = probe->width_px - x0;
	for (size_t c = 0; c < 3; c++) {
		uint8_t *to = shrink_row(s, c, 0);
		memset(to, background >> (16 - 8 * c) & 255,
		    (size_t)probe->width_px);
		if (row >= 0 && row < gdImageSY(image))
			for (int64_t i = 0; i < n; i++)
				to[x0 + i] =
				    colours->rgb[c][image->pixels[row][i]];
		shrink_filled(s, c, 1);
	}
	if (!s->source.has_alpha)
		return;
	uint8_t *alpha = shrink_row(s, FRAME_ALPHA, 0);
	memset(alpha, 0, (size_t)probe->width_px);
	if (row >= 0 && row < gdImageSY(image))
		for (int64_t i = 0; i < n; i++)
			alpha[x0 + i] = colours->alpha[image->pixels[row][i]];
	shrink_filled(s, FRAME_ALPHA, 1);
}

static enum err
put_canvas(gdImagePtr image, const struct media_probe *probe,
    const struct wanted *wanted, struct frame *out)
{
	struct source source = {.width = (size_t)probe->width_px,
	    .height = (size_t)probe->height_px,
	    .model = COLOUR_RGB,
	    .has_alpha = wanted->keeps_alpha,
	    .group = 1};
	source_fill(&source);
	struct colours colours;
	read_palette(image, wanted->background, &colours);
	struct shrink s;
	TRY(shrink_make(&s, wanted, &source, NULL));
	for (int64_t j = 0; j < probe->height_px; j++)
		put_row(image, probe, &colours, wanted->background, j, &s);
	enum err e = shrink_finish(&s, out);
	shrink_free(&s);
	return e;
}

enum err
decode_gif(struct str bytes, const struct media_probe *probe,
    const struct wanted *wanted, struct frame *out)
{
	uint64_t pixels =
	    (uint64_t)probe->frame_width_px * (uint64_t)probe->frame_height_px;
	struct str lzw =
	    str_slice(bytes, (size_t)probe->frame_data_at, bytes.len);
	if (pixels == 0 || count_pixels(lzw, pixels) < pixels)
		return ERR_INPUT;
	gdSetErrorMethod(on_message);
	struct reader reader = {
	    .rest = bytes, .gd = {.getC = on_read_byte, .getBuf = on_read}};
	errno = 0;
	gdImagePtr image = gdImageCreateFromGifCtx(&reader.gd);
	if (image == NULL)
		return errno == ENOMEM ? ERR_MEMORY : ERR_INPUT;
	enum err e = ERR_INPUT;
	if (!gdImageTrueColor(image) &&
	    gdImageSX(image) == probe->frame_width_px &&
	    gdImageSY(image) == probe->frame_height_px)
		e = put_canvas(image, probe, wanted, out);
	gdImageDestroy(image);
	return e;
}
