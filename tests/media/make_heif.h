/* HEIC and AVIF files: libheif (x265) and libavif (libaom) encode, the
 * container is put together here, so that a test can have any. */
#ifndef PIXLPIX_TESTS_MEDIA_MAKE_HEIF_H
#define PIXLPIX_TESTS_MEDIA_MAKE_HEIF_H

#include "fixture.h"

enum heif_codec {
	CODEC_HEVC,
	CODEC_AV1
};

/* ITU-T H.273. */
struct heif_nclx {
	int primaries;
	int transfer;
	int matrix;
	bool is_full_range;
};

/* One encoded picture.  libheif enlarges small and odd ones for HEVC: of
 * what is coded the upper left is shown. */
struct heif_coded {
	enum heif_codec codec;
	size_t width;
	size_t height;
	size_t shown_width;
	size_t shown_height;
	struct blob config; /* of hvcC or av1C */
	struct blob data;
};

struct heif_style {
	enum heif_codec codec;
	int chroma;            /* 420 (also as 0), 422 or 444 */
	int depth;             /* 8 (also as 0) or 10 */
	struct heif_nclx nclx; /* {0}: JFIF's, of sRGB */
};

struct heif_coded heif_encode(struct raster r, struct heif_style style);
/* The raster's red as a grey picture. */
struct heif_coded heif_encode_grey(struct raster r, enum heif_codec codec);

enum {
	PIECE_PROPERTIES_MAX = 12,
	PIECE_REFERENCES_MAX = 64
};

/* An item of a file; its id is its place, from 1. */
struct heif_piece {
	const char *type;
	struct blob data;
	struct blob properties[PIECE_PROPERTIES_MAX]; /* boxes */
	bool is_essential[PIECE_PROPERTIES_MAX];
	int property_count;
	const char *reference; /* "dimg", or NULL */
	unsigned to[PIECE_REFERENCES_MAX];
	int to_count;
};

void blob_box(struct blob *b, const char *type, struct blob content);
void piece_add(struct heif_piece *p, const char *type, struct blob content);
struct heif_piece piece_of(struct heif_coded coded);

/* Properties. */
struct blob heif_size(size_t width, size_t height);
struct blob heif_byte(unsigned value);
struct blob heif_nclx(struct heif_nclx nclx);
struct blob heif_icc(struct blob icc);
/* The middle `width` x `height`, moved by (x, y). */
struct blob heif_crop(size_t width, size_t height, int x, int y);
struct blob heif_alpha_name(void);
/* The data of a grid. */
struct blob heif_grid_data(
    unsigned rows, unsigned columns, unsigned width, unsigned height);
/* Of an item "Exif": a TIFF structure as make_jpeg writes it. */
struct blob heif_exif_data(int orientation, const char *make);

/* ftyp, meta and mdat; the first piece is the one to show. */
struct blob heif_file(
    const char *brand, const struct heif_piece *pieces, int count);

/* A track with that many samples, as far as they are counted. */
void heif_put_track(struct blob *b, uint32_t samples);

/* One picture in a file. */
struct blob make_heif(struct raster r, struct heif_style style);

#endif
