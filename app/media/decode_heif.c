/* HEIC and AVIF: one picture, or a grid of tiles, in rows.
 *
 * Of a grid one row of tiles is decoded at a time, so that a picture of 48
 * megapixels needs little memory.  Turning is left to media/shrink.c, which
 * does it for nothing.
 */
#include "media/codec.h"
#include "media/decode.h"

#include <stdlib.h>
#include <string.h>

enum {
	MATRIX_NONE = 0, /* planes are G, B, R */
	TILE_EDGE_MAX_PX = 65500,
	NOT_SAID = 2
};

/* What a sample of so many bits is in eight, full range. */
struct levels {
	uint8_t luma[1 << CODEC_DEPTH_MAX];
	uint8_t chroma[1 << CODEC_DEPTH_MAX];
};

/* The picture, or its transparency. */
struct layer {
	const struct heif *heif;
	struct str file;
	struct heif_item item;
	struct heif_grid grid; /* 1 x 1 of a single picture */
	enum heif_type codec;
	struct heif_item first;      /* tile */
	struct codec_picture *tiles; /* of the row of tiles that is decoded */
	int64_t tile_row;            /* its number; -1: none */
	struct codec_picture like;   /* the first one's format */
	struct levels levels;
};

static void
free_tiles(struct layer *l)
{
	for (int64_t i = 0; l->tiles != NULL && i < l->grid.columns; i++) {
		if (l->codec == HEIF_AV1)
			codec_av1_free(&l->tiles[i]);
		else
			codec_hevc_free(&l->tiles[i]);
	}
}

static struct str
bytes_of(const struct layer *l, struct heif_span span)
{
	return str_slice(l->file, (size_t)span.at, (size_t)span.bytes);
}

static enum err
load_tile(struct layer *l, int64_t index, struct codec_picture *out)
{
	struct heif_item item = l->item;
	if (l->item.type == HEIF_GRID &&
	    !heif_item(l->heif, heif_tile(l->heif, l->item.id, index), &item))
		return ERR_INPUT;
	if (item.type != l->codec || item.is_odd ||
	    item.width_px != l->first.width_px ||
	    item.height_px != l->first.height_px)
		return ERR_INPUT;
	codec_decode_fn *decode =
	    l->codec == HEIF_AV1 ? codec_av1_decode : codec_hevc_decode;
	return decode(bytes_of(l, item.config), bytes_of(l, item.data),
	    item.width_px, item.height_px, out);
}

static bool
is_alike(const struct codec_picture *a, const struct codec_picture *b)
{
	return a->depth == b->depth && a->across == b->across &&
	       a->down == b->down &&
	       (a->planes[1] == NULL) == (b->planes[1] == NULL);
}

/* Decodes the row of tiles that has row y of the picture. */
static enum err
load_row(struct layer *l, int64_t y)
{
	int64_t row = y / l->first.height_px;
	if (row == l->tile_row)
		return OK;
	free_tiles(l);
	for (int64_t i = 0; i < l->grid.columns; i++) {
		TRY(load_tile(l, row * l->grid.columns + i, &l->tiles[i]));
		if (l->tile_row < 0 && i == 0)
			l->like = l->tiles[0];
		if (!is_alike(&l->like, &l->tiles[i]))
			return ERR_INPUT;
	}
	l->tile_row = row;
	return OK;
}

/* `n` samples of component c, from (x, y) in samples of its own. */
static void
copy_row(const struct layer *l, int c, int64_t x, int64_t y, int64_t n,
    bool is_chroma, uint8_t *to)
{
	const struct codec_picture *like = &l->like;
	int64_t across = c > 0 ? like->across : 1;
	int64_t down = c > 0 ? like->down : 1;
	int64_t width = (l->first.width_px + across - 1) / across;
	int64_t height = (l->first.height_px + down - 1) / down;
	const uint8_t *map = is_chroma ? l->levels.chroma : l->levels.luma;
	y -= l->tile_row * height;
	if (y >= height)
		y = height - 1;
	while (n > 0) {
		int64_t column = x / width;
		if (column >= l->grid.columns) { /* half a sample is beyond */
			memset(to, to[-1], (size_t)n);
			return;
		}
		const struct codec_picture *p = &l->tiles[column];
		const uint8_t *row = p->planes[c] + y * p->strides[c];
		int64_t from = x - column * width;
		int64_t count = width - from < n ? width - from : n;
		if (like->depth == 8) {
			for (int64_t i = 0; i < count; i++)
				to[i] = map[row[from + i]];
		} else {
			const uint8_t *at = row + 2 * from;
			uint16_t most = (uint16_t)((1 << like->depth) - 1);
			for (int64_t i = 0; i < count; i++) {
				uint16_t v;
				memcpy(&v, at + 2 * i, 2);
				to[i] = map[v & most];
			}
		}
		to += count;
		x += count;
		n -= count;
	}
}

static uint8_t
level(int value, int zero, int scale, int zero_out)
{
	int n = (value - zero) * 255;
	n = (n + (n < 0 ? -scale : scale) / 2) / scale + zero_out;
	return (uint8_t)(n < 0 ? 0 : n > 255 ? 255 : n);
}

/* ITU-T H.273 equations 20 to 31. */
static void
make_levels(struct levels *to, int depth, bool is_full_range)
{
	int more = depth - 8;
	int most = (1 << depth) - 1;
	int half = 1 << (depth - 1);
	for (int v = 0; v <= most; v++) {
		to->luma[v] = is_full_range
		                  ? level(v, 0, most, 0)
		                  : level(v, 16 << more, 219 << more, 0);
		to->chroma[v] = is_full_range
		                    ? level(v, half, most, 128)
		                    : level(v, half, 224 << more, 128);
	}
}

/* A grid's tiles cover it, with less than a tile to spare. */
static bool
covers(int64_t tile, int64_t count, int64_t size)
{
	return tile > 0 && tile <= TILE_EDGE_MAX_PX && tile * count >= size &&
	       tile * (count - 1) < size;
}

static enum err
layer_open(struct layer *l, const struct heif *h, struct str file, uint32_t id)
{
	*l = (struct layer){.heif = h, .file = file, .tile_row = -1};
	if (!heif_item(h, id, &l->item) || l->item.is_odd)
		return ERR_INPUT;
	l->first = l->item;
	l->grid = (struct heif_grid){1, 1, l->item.width_px, l->item.height_px};
	if (l->item.type == HEIF_GRID &&
	    (!heif_grid(h, &l->item, &l->grid) ||
		!heif_item(h, heif_tile(h, id, 0), &l->first)))
		return ERR_INPUT;
	l->codec = l->first.type;
	if ((l->codec != HEIF_HEVC && l->codec != HEIF_AV1) ||
	    l->grid.width_px != l->item.width_px ||
	    l->grid.height_px != l->item.height_px ||
	    !covers(l->first.width_px, l->grid.columns, l->grid.width_px) ||
	    !covers(l->first.height_px, l->grid.rows, l->grid.height_px))
		return ERR_INPUT;
	l->tiles = calloc((size_t)l->grid.columns, sizeof *l->tiles);
	if (l->tiles == NULL)
		return ERR_MEMORY;
	TRY(load_row(l, l->item.crop_y_px));
	/* Chroma that two tiles share is for nobody to say. */
	if (l->like.planes[1] != NULL &&
	    ((l->grid.columns > 1 && l->first.width_px % l->like.across != 0) ||
		(l->grid.rows > 1 && l->first.height_px % l->like.down != 0)))
		return ERR_INPUT;
	return OK;
}

static void
layer_close(struct layer *l)
{
	free_tiles(l);
	free(l->tiles);
}

/* The properties come first, of the picture or of its tiles, then the bits. */
static struct heif_colour
layer_colour(const struct layer *l)
{
	return l->item.has_colour    ? l->item.colour
	       : l->first.has_colour ? l->first.colour
	                             : l->like.colour;
}

struct picture {
	struct layer main;
	struct layer alpha;
	bool has_alpha;
	uint8_t *alpha_row;
	int planes[3];         /* of the file, for each of ours */
	uint8_t background[3]; /* in the picture's own model */
	struct shrink shrink;
	struct colour_transform *transform;
};

/* Rows of a component that are one row of the picture: 1, or 2 for half. */
static int64_t
down_of(const struct picture *p, size_t c)
{
	return p->planes[c] > 0 ? p->main.like.down : 1;
}

static int64_t
across_of(const struct picture *p, size_t c)
{
	return p->planes[c] > 0 ? p->main.like.across : 1;
}

/* On the background, as media/flatten.c does it. */
static void
flatten(const struct picture *p, size_t c, uint8_t *row, size_t n)
{
	size_t across = (size_t)across_of(p, c);
	uint32_t behind = p->background[c];
	for (size_t i = 0; i < n; i++) {
		uint32_t a = p->alpha_row[i * across];
		if (across == 2)
			a = (a + p->alpha_row[i * 2 + 1] + 1) / 2;
		uint32_t v = row[i] * a + behind * (255 - a) + 128;
		row[i] = (uint8_t)((v + (v >> 8)) >> 8);
	}
}

/* Row j of what is shown. */
static enum err
put_row(struct picture *p, int64_t j)
{
	struct layer *l = &p->main;
	const struct heif_item *item = &l->item;
	int64_t y = item->crop_y_px + j;
	TRY(load_row(l, y));
	if (p->has_alpha) {
		int64_t n = item->crop_width_px;
		TRY(load_row(&p->alpha, y));
		copy_row(
		    &p->alpha, 0, item->crop_x_px, y, n, false, p->alpha_row);
		p->alpha_row[n] = p->alpha_row[n - 1];
	}
	if (p->shrink.source.has_alpha) {
		memcpy(shrink_row(&p->shrink, FRAME_ALPHA, 0), p->alpha_row,
		    (size_t)item->crop_width_px);
		shrink_filled(&p->shrink, FRAME_ALPHA, 1);
	}
	for (size_t c = 0; c < colour_planes(p->shrink.source.model); c++) {
		int64_t down = down_of(p, c);
		size_t n = p->shrink.source.components[c].width;
		if (j % down != 0)
			continue;
		uint8_t *row = shrink_row(&p->shrink, c, 0);
		bool is_chroma = c > 0 && p->shrink.source.model == COLOUR_YCC;
		copy_row(l, p->planes[c], item->crop_x_px / across_of(p, c),
		    item->crop_y_px / down + j / down, (int64_t)n, is_chroma,
		    row);
		if (p->has_alpha)
			flatten(p, c, row, n);
		shrink_filled(&p->shrink, c, 1);
	}
	return OK;
}

/* Which of the file's planes is which of ours, and what they stand for. */
static enum err
choose_model(struct picture *p, int matrix, struct source *source)
{
	const struct codec_picture *like = &p->main.like;
	static const int in_order[3] = {0, 1, 2};
	static const int green_first[3] = {2, 0, 1};
	memcpy(p->planes, in_order, sizeof in_order);
	source->model = COLOUR_YCC;
	if (like->planes[1] == NULL) {
		/* A background may have a colour. */
		memset(p->planes, 0, sizeof p->planes);
		source->model = p->has_alpha ? COLOUR_RGB : COLOUR_GREY;
		return OK;
	}
	if (matrix == MATRIX_NONE) {
		memcpy(p->planes, green_first, sizeof green_first);
		source->model = COLOUR_RGB;
		return like->across == 1 ? OK : ERR_INPUT;
	}
	return colour_matrix(matrix, &source->matrix) ? OK : ERR_INPUT;
}

static enum err
describe(struct picture *p, const struct heif_colour *colour, bool keeps_alpha,
    struct source *source)
{
	const struct heif_item *item = &p->main.item;
	*source = (struct source){.width = (size_t)item->crop_width_px,
	    .height = (size_t)item->crop_height_px,
	    .group = 1};
	TRY(choose_model(p, colour->matrix, source));
	source->has_alpha = p->has_alpha && keeps_alpha;
	source_fill(source);
	for (size_t c = 0; c < colour_planes(source->model); c++) {
		size_t across = (size_t)across_of(p, c);
		size_t down = (size_t)down_of(p, c);
		source->components[c] = (struct source_component){
		    (source->width + across - 1) / across,
		    (source->height + down - 1) / down, 1. / (double)across,
		    1. / (double)down};
	}
	return OK;
}

static struct colour_transform *
open_transform(const struct picture *p, const struct heif_colour *colour,
    enum colour_model model)
{
	const struct layer *l = &p->main;
	struct heif_span icc =
	    l->item.icc.bytes > 0 ? l->item.icc : l->first.icc;
	struct colour_transform *t = NULL;
	if (icc.bytes > 0)
		t = colour_open(bytes_of(l, icc), model);
	else if (model != COLOUR_GREY)
		t = colour_open_coded(
		    colour->primaries, colour->transfer, model);
	return t;
}

static enum err
open_alpha(struct picture *p, const struct heif *h, struct str file)
{
	const struct heif_item *item = &p->main.item;
	uint32_t id = heif_alpha_of(h, item->id);
	if (id == 0)
		return OK;
	p->has_alpha = true;
	TRY(layer_open(&p->alpha, h, file, id));
	if (p->alpha.item.width_px != item->width_px ||
	    p->alpha.item.height_px != item->height_px)
		return ERR_INPUT;
	/* Transparency is of full range unless somebody says otherwise. */
	struct heif_colour colour = layer_colour(&p->alpha);
	make_levels(&p->alpha.levels, p->alpha.like.depth,
	    colour.is_full_range || !p->alpha.item.has_colour);
	p->alpha_row = malloc((size_t)item->crop_width_px + 1);
	return p->alpha_row == NULL ? ERR_MEMORY : OK;
}

static enum err
decode_rows(struct picture *p, const struct wanted *wanted, struct frame *out)
{
	struct heif_colour colour = layer_colour(&p->main);
	struct source source;
	make_levels(&p->main.levels, p->main.like.depth, colour.is_full_range);
	TRY(describe(p, &colour, wanted->keeps_alpha, &source));
	colour_background(
	    wanted->background, source.model, &source.matrix, p->background);
	p->transform = open_transform(p, &colour, source.model);
	TRY(shrink_make(&p->shrink, wanted, &source, p->transform));
	for (size_t j = 0; j < source.height; j++)
		TRY(put_row(p, (int64_t)j));
	return shrink_finish(&p->shrink, out);
}

enum err
decode_heif(struct str bytes, const struct media_probe *probe,
    const struct wanted *wanted, struct frame *out)
{
	(void)probe;
	struct probe_source source = {.fd = -1,
	    .memory = (const unsigned char *)bytes.at,
	    .bytes = (int64_t)bytes.len};
	struct heif h;
	if (!heif_open(&source, &h))
		return ERR_INPUT;
	struct picture *p = calloc(1, sizeof *p);
	if (p == NULL)
		return ERR_MEMORY;
	enum err e = layer_open(&p->main, &h, bytes, h.primary);
	if (e == OK)
		e = open_alpha(p, &h, bytes);
	if (e == OK)
		e = decode_rows(p, wanted, out);
	layer_close(&p->main);
	layer_close(&p->alpha);
	shrink_free(&p->shrink);
	colour_close(p->transform);
	free(p->alpha_row);
	free(p);
	return e;
}
