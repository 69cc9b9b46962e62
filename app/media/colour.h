/* From any colour model of an upload to the sRGB of what is served.
 *
 * Decoder child only; works on planes that have their final size already.
 */
#ifndef PIXLPIX_MEDIA_COLOUR_H
#define PIXLPIX_MEDIA_COLOUR_H

#include "media/plane.h"

enum colour_model {
	COLOUR_GREY = 1,
	COLOUR_YCC, /* YCbCr, full range; JFIF's unless a matrix says more */
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

/* What red and blue are of luma, for COLOUR_YCC; {0, 0} stands for JFIF's. */
struct colour_matrix {
	double red;
	double blue;
};

/* The matrix with that number in ITU-T H.273 table 4; false where it is none
 * of this kind, or unknown.  2, "not said", is JFIF's. */
bool colour_matrix(int number, struct colour_matrix *out);

/* 0xRRGGBB as a sample of each plane of grey, YCC or RGB. */
void colour_background(uint32_t rgb, enum colour_model model,
    const struct colour_matrix *matrix, uint8_t out[3]);

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

/* The conversion for RGB samples with primaries and transfer as numbered in
 * ITU-T H.273 tables 2 and 3; NULL as above, and for numbers that are unknown.
 * The light of PQ, which goes far beyond a screen's, is brought into range.
 */
struct colour_transform *colour_open_coded(
    int primaries, int transfer, enum colour_model model);

void colour_close(struct colour_transform *t);

/* `planes` (all of one size) of the model to a frame, which is made here;
 * t may be NULL.  `matrix` is for COLOUR_YCC.  The planes' content is spoilt.
 * ERR_MEMORY. */
enum err colour_to_frame(struct plane *planes, enum colour_model model,
    const struct colour_matrix *matrix, struct colour_transform *t,
    struct frame *out);

#endif
