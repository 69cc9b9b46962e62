/* PNG by way of libpng, not libgd: it hands over rows, so that 60 megapixels
 * need no picture in memory, keeps all 8 bits of alpha, and tells of damage.
 */
#include "media/decode.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK_MAX_BYTES = 8 << 20, /* of an ancillary chunk, inflated */
	CHUNKS_MAX = 64
};

struct reader {
	png_structp png;
	png_infop info;
	struct str rest;
	enum err failure;
	uint32_t background;
	bool has_alpha;
	size_t channels; /* of a row: 1, 3 or 4 */
	struct shrink shrink;
	struct colour_transform *transform;
	uint8_t *pixels; /* one row, or all where interlaced */
};

_Noreturn static void
give_up(struct reader *r, enum err why)
{
	r->failure = why;
	longjmp(png_jmpbuf(r->png), 1);
}

static void
on_error(png_structp png, png_const_charp text)
{
	(void)text;
	struct reader *r = png_get_error_ptr(png);
	if (r->failure == OK)
		r->failure = ERR_INPUT;
	png_longjmp(png, 1);
}

static void
on_warning(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static png_voidp
on_malloc(png_structp png, png_alloc_size_t size)
{
	struct reader *r = png_get_mem_ptr(png);
	void *at = malloc(size);
	if (at == NULL)
		r->failure = ERR_MEMORY;
	return at;
}

static void
on_free(png_structp png, png_voidp at)
{
	(void)png;
	free(at);
}

static void
on_read(png_structp png, png_bytep to, size_t size)
{
	struct reader *r = png_get_io_ptr(png);
	if (size > r->rest.len)
		png_error(png, "cut off");
	memcpy(to, r->rest.at, size);
	r->rest = (struct str){r->rest.at + size, r->rest.len - size};
}

static void
set_limits(struct reader *r)
{
	png_set_read_fn(r->png, r, on_read);
	png_set_user_limits(r->png, 65535, 65535);
	png_set_chunk_malloc_max(r->png, CHUNK_MAX_BYTES);
	png_set_chunk_cache_max(r->png, CHUNKS_MAX);
	png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
	/* Text can be long and is not wanted. */
	png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER,
	    (png_const_bytep) "tEXt\0zTXt\0iTXt\0sPLT\0hIST\0eXIf", 6);
}

/* Anything becomes grey, RGB or RGBA of 8 bits. */
static void
set_transforms(struct reader *r)
{
	int type = png_get_color_type(r->png, r->info);
	bool is_grey = (type & PNG_COLOR_MASK_COLOR) == 0;
	r->has_alpha = (type & PNG_COLOR_MASK_ALPHA) != 0 ||
	               png_get_valid(r->png, r->info, PNG_INFO_tRNS) != 0;
	png_set_expand(r->png);
	png_set_scale_16(r->png);
	if (is_grey && r->has_alpha)
		png_set_gray_to_rgb(r->png);
	r->channels = r->has_alpha ? 4 : is_grey ? 1 : 3;
}

/* Gamma and primaries, where there is nothing that says more (ISO/IEC 15948
 * clause 11.3.3). */
static void
open_gamma(struct reader *r, enum colour_model model)
{
	struct colour_primaries p = {
	    {.3127, .3290}, {.64, .33}, {.30, .60}, {.15, .06}};
	double gamma = 0;
	if (png_get_valid(r->png, r->info, PNG_INFO_sRGB) != 0 ||
	    png_get_gAMA(r->png, r->info, &gamma) == 0 || gamma <= 0)
		return;
	(void)png_get_cHRM(r->png, r->info, &p.white[0], &p.white[1], &p.red[0],
	    &p.red[1], &p.green[0], &p.green[1], &p.blue[0], &p.blue[1]);
	r->transform = colour_open_gamma(1 / gamma, &p, model);
}

static void
open_profile(struct reader *r, enum colour_model model)
{
	png_charp name;
	int method;
	png_bytep icc;
	png_uint_32 bytes;
	if (png_get_iCCP(r->png, r->info, &name, &method, &icc, &bytes) == 0) {
		open_gamma(r, model);
		return;
	}
	/* A grey file whose alpha made it RGB keeps its profile out. */
	r->transform =
	    colour_open((struct str){(const char *)icc, bytes}, model);
}

static void
put_row(struct reader *r, const uint8_t *row)
{
	struct shrink *s = &r->shrink;
	size_t width = s->source.width;
	if (r->channels == 1) {
		memcpy(shrink_row(s, 0, 0), row, width);
		shrink_filled(s, 0, 1);
		return;
	}
	uint8_t *rgb[3];
	for (size_t c = 0; c < 3; c++)
		rgb[c] = shrink_row(s, c, 0);
	if (r->channels == 4)
		decode_flatten(row, width, r->background, rgb,
		    s->source.has_alpha ? shrink_row(s, FRAME_ALPHA, 0) : NULL);
	else
		for (size_t i = 0; i < width; i++)
			for (size_t c = 0; c < 3; c++)
				rgb[c][i] = row[i * 3 + c];
	for (size_t c = 0; c < 3; c++)
		shrink_filled(s, c, 1);
	if (s->source.has_alpha)
		shrink_filled(s, FRAME_ALPHA, 1);
}

static void
read_rows(struct reader *r, int passes)
{
	size_t height = r->shrink.source.height;
	size_t stride = png_get_rowbytes(r->png, r->info);
	if (stride != r->shrink.source.width * r->channels)
		give_up(r, ERR_INPUT);
	r->pixels = malloc(passes == 1 ? stride : stride * height);
	if (r->pixels == NULL)
		give_up(r, ERR_MEMORY);
	for (int pass = 1; pass < passes; pass++)
		for (size_t j = 0; j < height; j++)
			png_read_row(r->png, r->pixels + j * stride, NULL);
	for (size_t j = 0; j < height; j++) {
		uint8_t *row = r->pixels + (passes == 1 ? 0 : j * stride);
		png_read_row(r->png, row, NULL);
		put_row(r, row);
	}
}

static void
read_all(struct reader *r, const struct wanted *wanted, struct frame *out)
{
	set_limits(r);
	png_read_info(r->png, r->info);
	set_transforms(r);
	int passes = png_set_interlace_handling(r->png);
	png_read_update_info(r->png, r->info);
	struct source source = {.width = png_get_image_width(r->png, r->info),
	    .height = png_get_image_height(r->png, r->info),
	    .model = r->channels == 1 ? COLOUR_GREY : COLOUR_RGB,
	    .has_alpha = r->channels == 4 && wanted->keeps_alpha,
	    .group = 1};
	source_fill(&source);
	open_profile(r, source.model);
	enum err e = shrink_make(&r->shrink, wanted, &source, r->transform);
	if (e != OK)
		give_up(r, e);
	read_rows(r, passes);
	png_read_end(r->png, NULL);
	e = shrink_finish(&r->shrink, out);
	if (e != OK)
		give_up(r, e);
}

static enum err
read_png(struct reader *r, const struct wanted *wanted, struct frame *out)
{
	r->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, r, on_error,
	    on_warning, r, on_malloc, on_free);
	if (r->png == NULL)
		return ERR_MEMORY;
	r->info = png_create_info_struct(r->png);
	if (r->info == NULL)
		return ERR_MEMORY;
	if (setjmp(png_jmpbuf(r->png)) == 0)
		read_all(r, wanted, out);
	return r->failure;
}

enum err
decode_png(struct str bytes, const struct media_probe *probe,
    const struct wanted *wanted, struct frame *out)
{
	(void)probe;
	struct reader *r = calloc(1, sizeof *r);
	if (r == NULL)
		return ERR_MEMORY;
	r->rest = bytes;
	r->background = wanted->background;
	enum err e = read_png(r, wanted, out);
	png_destroy_read_struct(&r->png, &r->info, NULL);
	shrink_free(&r->shrink);
	colour_close(r->transform);
	free(r->pixels);
	free(r);
	return e;
}
