/* The container of HEIC and AVIF: which bytes are the picture, and how they
 * are to be shown.
 *
 * Reads boxes alone, never pixels, for the prober and for the decoder child.
 * Nothing is kept in memory: every question walks the boxes again, which are
 * few, and whose number is limited.
 *
 * Sources: ISO/IEC 14496-12 (boxes, items), ISO/IEC 23008-12 (HEIF: grids,
 * properties), ISO/IEC 23000-22 (MIAF: the order of transformations), AV1
 * Image File Format 1.1.
 */
#ifndef PIXLPIX_MEDIA_HEIF_H
#define PIXLPIX_MEDIA_HEIF_H

#include "media/probe_formats.h"

enum {
	HEIF_TILES_MAX = 1024 /* of one grid */
};

/* Where something lies in the file. */
struct heif_span {
	int64_t at;
	int64_t bytes;
};

enum heif_type {
	HEIF_OTHER = 0, /* what is not shown here */
	HEIF_HEVC,
	HEIF_AV1,
	HEIF_GRID, /* of pictures of one of these */
	HEIF_EXIF
};

struct heif {
	struct probe_source *s;
	struct heif_span iinf;
	struct heif_span iloc;
	struct heif_span iref;
	struct heif_span ipco;
	struct heif_span ipma;
	struct heif_span idat;
	uint32_t primary; /* the item to show; 0: there is none */
	int64_t frames;   /* of the longest track; 1 where there is none */
};

/* ISO/IEC 23091-2 (CICP); 2 is "not said". */
struct heif_colour {
	int primaries;
	int transfer;
	int matrix;
	bool is_full_range;
};

struct heif_item {
	uint32_t id;
	enum heif_type type;
	struct heif_span data;
	int64_t width_px; /* as coded */
	int64_t height_px;
	/* The part that is shown, of the coded picture; before turning. */
	int64_t crop_x_px;
	int64_t crop_y_px;
	int64_t crop_width_px;
	int64_t crop_height_px;
	int orientation;         /* as EXIF counts them, 1 to 8 */
	struct heif_span config; /* hvcC's or av1C's content */
	struct heif_span icc;
	bool has_colour;
	struct heif_colour colour;
	bool is_alpha; /* auxC says so */
	/* An essential property that is not known here, or one that makes no
	 * sense: the item cannot be shown rightly. */
	bool is_odd;
};

/* Finds the boxes.  False where the chain of boxes is not sound up to the
 * file's end; what was found before is in *h. */
bool heif_open(struct probe_source *s, struct heif *h);

/* False where there is no such item, or its data lie outside of the file or
 * in several pieces. */
bool heif_item(const struct heif *h, uint32_t id, struct heif_item *out);

/* One property of an item. */
struct heif_property {
	int64_t number; /* of it in the file, from 1 */
	uint32_t type;  /* its four letters */
	struct heif_span content;
	bool is_essential;
};

/* Property `n`, from 0, of an item; false past the last. */
bool heif_property(
    const struct heif *h, uint32_t id, int64_t n, struct heif_property *out);

/* The property with that number; is_essential is not known. */
bool heif_property_at(
    const struct heif *h, int64_t number, struct heif_property *out);

struct heif_grid {
	int64_t rows;
	int64_t columns;
	int64_t width_px;
	int64_t height_px;
};

/* What the data of an item of type HEIF_GRID say; at most HEIF_TILES_MAX
 * tiles, else false. */
bool heif_grid(
    const struct heif *h, const struct heif_item *item, struct heif_grid *out);

/* The id of tile `index` of a grid; 0 where there is none. */
uint32_t heif_tile(const struct heif *h, uint32_t grid, int64_t index);

/* The id of the item that holds the transparency of another; 0: none. */
uint32_t heif_alpha_of(const struct heif *h, uint32_t id);

/* Where EXIF's TIFF structure lies. */
bool heif_exif(const struct heif *h, struct heif_span *out);

/* The prober's walker (media/probe_formats.h). */
bool probe_heif(struct probe_source *s, struct media_probe *p);

#endif
