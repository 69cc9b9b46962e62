/* From any colour model of an upload to the sRGB of what is served.
 *
 * Decoder child only; works on planes that have their final size already.
 */
#ifndef PIXLPIX_MEDIA_COLOUR_H
#define PIXLPIX_MEDIA_COLOUR_H

#include "media/plane.h"

enum colour_model {
	COLOUR_GREY = 1,
	COLOUR_YCC, /* JFIF's YCbCr, full range */
	COLOUR_RGB,
	COLOUR_CMYK, /* as Adobe stores it: 255 is no ink */
	COLOUR_YCCK  /* YCbCr of inverted CMY, and K as above */
};

/* A conversion to sRGB; NULL is "it is sRGB already". */
struct colour_transform;

/* Planes that the model has: 1, 3 or 4. */
size_t colour_planes(enum colour_model model);

/* The conversion that an embedded ICC profile (ICC.1) asks for.  NULL where
 * the profile is missing, damaged, for another model, over 4 MiB, or so near
 * to sRGB that it makes no difference: a picture is shown rather than
 * refused.  COLOUR_YCC and COLOUR_YCCK take RGB and CMYK profiles. */
struct colour_transform *colour_open(struct str icc, enum colour_model model);

/* x and y of CIE 1931. */
struct colour_primaries {
	double white[2];
	double red[2];
	double green[2];
	double blue[2];
};

/* The conversion for grey or RGB samples that are light to the power of
 * 1 / exponent; NULL as above, and for an exponent below 0.3 or above 5. */
struct colour_transform *colour_open_gamma(double exponent,
    const struct colour_primaries *primaries, enum colour_model model);

void colour_close(struct colour_transform *t);

/* `planes` (all of one size) of the model to a frame, which is made here;
 * t may be NULL.  The planes' content is spoilt.  ERR_MEMORY. */
enum err colour_to_frame(struct plane *planes, enum colour_model model,
    struct colour_transform *t, struct frame *out);

#endif
