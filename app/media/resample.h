/* Lanczos resampling of a plane, one axis at a time, streaming.
 *
 * Decoder child only.  Weights are 14-bit fixed point; a source row is used
 * as it arrives, so that a decoder never has to hold its whole picture.
 */
#ifndef PIXLPIX_MEDIA_RESAMPLE_H
#define PIXLPIX_MEDIA_RESAMPLE_H

#include "media/plane.h"

/* How the samples of one axis map: the middle of target sample j lies at
 * origin + (j + 0.5) * step in source samples, where source sample i covers
 * i to i + 1.  A negative step mirrors. */
struct axis {
	size_t source;
	size_t target;
	double origin;
	double step;
};

/* Weights of one axis (Lanczos, three lobes; the source's edge samples carry
 * what lies beyond them no weight: the rest is scaled to one). */
struct filter {
	size_t target;
	size_t taps;      /* of every target sample, a multiple of 2 (or 8) */
	uint32_t *first;  /* the first source sample of each target sample */
	int16_t *weights; /* target x taps, each run sums to 1 << 14 */
	int is_mirrored;  /* first[] falls instead of rising */
};

/* `multiple` is 2 or 8: what taps is rounded up to; runs may then reach past
 * the source's last sample with weights of 0.  ERR_MEMORY. */
enum err filter_make(
    struct filter *f, const struct axis *axis, size_t multiple);

void filter_free(struct filter *f);

/* One plane on its way from a decoder to a smaller plane.  The decoder asks
 * for the addresses of the next rows, fills them, and says how many. */
struct resampler {
	struct filter across;
	struct filter down;
	size_t source_width;
	size_t source_height;
	size_t ring_rows; /* 0: no ring, rows lie in a whole plane */
	size_t ring_stride;
	uint8_t *ring;
	const uint8_t **taps; /* scratch: the rows of one target row */
	int16_t *row;         /* scratch: one row between the two passes */
	size_t have;          /* source rows filled so far */
	size_t made;          /* target rows made so far */
	struct plane *out;    /* x.target wide, y.target high; not owned */
};

/* `group` is how many rows at most are asked for before they are filled.
 * `out` must outlive the resampler.  ERR_MEMORY. */
enum err resampler_make(struct resampler *r, const struct axis *x,
    const struct axis *y, size_t group, struct plane *out);

void resampler_free(struct resampler *r);

/* Where source row `ahead` (0: the next one; less than group) goes: at least
 * `source_width` + PLANE_SLACK bytes. */
uint8_t *resampler_row(struct resampler *r, size_t ahead);

/* `rows` more rows have been filled; makes what target rows they allow.  Rows
 * past the source's height are ignored. */
void resampler_filled(struct resampler *r, size_t rows);

/* From a whole plane to another; `out` is made already.  ERR_MEMORY. */
enum err plane_resample(const struct plane *in, const struct axis *x,
    const struct axis *y, struct plane *out);

#endif
