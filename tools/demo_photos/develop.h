/* From linear light to the eight bits of a photograph: what the lens, the
 * film and the darkroom do. */
#ifndef DEMO_PHOTOS_DEVELOP_H
#define DEMO_PHOTOS_DEVELOP_H

#include "frame.h"

#include <stdbool.h>
#include <stdint.h>

struct look {
	float exposure;   /* factor on the light */
	float contrast;   /* 0 leaves the film's own */
	float saturation; /* 1 leaves it, 0 is grey */
	float bloom;      /* share of the light that the lens scatters */
	float vignette;   /* darkening of the corners, 0 .. 1 */
	float grain;      /* deviation in eight-bit steps */
	float soft;       /* 0 .. 0.25, how far light strays to neighbours */
	float black;      /* lifted blacks, 0 .. 0.1 */
	struct rgb shade_tint, light_tint; /* factors for darks and lights */
	bool is_monochrome;
};

struct look look_plain(void);

/* Writes width * height * 3 bytes of sRGB to `out`.  `frame` is changed by
 * what the lens adds; the two spares are scratch. */
void frame_develop(struct frame *frame, struct frame *spare_a,
    struct frame *spare_b, const struct look *look, uint32_t seed,
    uint8_t *out);

#endif
