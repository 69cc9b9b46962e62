/* From a decoder's rows to one upright frame of the largest size wanted.
 *
 * Decoder child only.  A codec says what its rows are (struct source), asks
 * for the addresses of the next rows of each component, fills them, and says
 * so; the frame is there when the last row has come.
 */
#ifndef PIXLPIX_MEDIA_SHRINK_H
#define PIXLPIX_MEDIA_SHRINK_H

#include "media/colour.h"
#include "media/resample.h"

/* What is wanted of a codec. */
struct wanted {
	size_t width; /* of the frame, upright */
	size_t height;
	int orientation;     /* EXIF's, 1 to 8 */
	uint32_t background; /* 0xRRGGBB, for the codecs that know alpha */
	bool keeps_alpha;    /* in a plane of its own, besides */
};

/* How one component's samples lie in the picture. */
struct source_component {
	size_t width; /* in samples */
	size_t height;
	double across; /* samples for each pixel of the full picture */
	double down;
};

struct source {
	size_t width; /* of the full picture, as stored */
	size_t height;
	enum colour_model model;
	struct colour_matrix matrix;
	bool has_alpha; /* component FRAME_ALPHA, of a picture of 3 others */
	struct source_component components[PLANES_MAX];
	size_t group; /* rows that may be asked for at once */
};

struct shrink {
	struct wanted wanted;
	struct source source;
	struct colour_transform *transform; /* not owned */
	bool is_direct; /* chroma goes to half size at once */
	struct plane planes[PLANES_MAX];
	struct resampler resamplers[PLANES_MAX];
};

/* Components of a picture whose samples are all of its pixels; transparency
 * among them. */
void source_fill(struct source *s);

/* transform: as colour_open gave it, NULL for none.  ERR_MEMORY. */
enum err shrink_make(struct shrink *s, const struct wanted *wanted,
    const struct source *source, struct colour_transform *transform);

void shrink_free(struct shrink *s);

/* See resampler_row. */
uint8_t *shrink_row(struct shrink *s, size_t component, size_t ahead);

/* See resampler_filled. */
void shrink_filled(struct shrink *s, size_t component, size_t rows);

/* The frame, upright, in sRGB; made here, owned by the caller.  ERR_INPUT
 * where rows are missing, ERR_MEMORY. */
enum err shrink_finish(struct shrink *s, struct frame *out);

#endif
