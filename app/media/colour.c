/* Colour models to JFIF's YCbCr, and ICC profiles by way of lcms2. */
#include "media/colour.h"

#include <lcms2.h>
#include <stdlib.h>
#include <string.h>

enum {
	ICC_MAX_BYTES = 4 << 20,
	FIXED_BITS = 16,
	NEAR = 3 /* a difference that no one sees, of 255 */
};

#define EXPONENT_LEAST 0.3
#define EXPONENT_MOST 5.0

#define FIXED(x) ((int32_t)((x) * (1 << FIXED_BITS) + ((x) < 0 ? -0.5 : 0.5)))

struct colour_transform {
	cmsHTRANSFORM lcms;
	size_t channels; /* that go in: 1, 3 or 4 */
};

size_t
colour_planes(enum colour_model model)
{
	switch (model) {
	case COLOUR_GREY:
		return 1;
	case COLOUR_YCC:
	case COLOUR_RGB:
		return 3;
	case COLOUR_CMYK:
	case COLOUR_YCCK:
		return 4;
	}
	return 0;
}

/* What a profile must be for, and how lcms2 calls the pixels. */
static void
lcms_model(enum colour_model model, cmsColorSpaceSignature *space,
    cmsUInt32Number *format)
{
	switch (model) {
	case COLOUR_GREY:
		*space = cmsSigGrayData;
		*format = TYPE_GRAY_8;
		return;
	case COLOUR_YCC:
	case COLOUR_RGB:
		*space = cmsSigRgbData;
		*format = TYPE_RGB_8;
		return;
	case COLOUR_CMYK:
	case COLOUR_YCCK:
		*space = cmsSigCmykData;
		*format = TYPE_CMYK_8_REV;
		return;
	}
}

/* True where a coarse grid of grey or RGB colours comes out as it went in. */
static bool
changes_nothing(const struct colour_transform *t)
{
	enum {
		STEPS = 6
	};
	if (t->channels == 4)
		return false;
	for (int i = 0; i < STEPS * STEPS * STEPS; i++) {
		int level[3] = {
		    i % STEPS, i / STEPS % STEPS, i / STEPS / STEPS};
		uint8_t in[3];
		uint8_t out[3];
		for (int c = 0; c < 3; c++)
			in[c] = (uint8_t)(level[t->channels == 1 ? 0 : c] *
					  255 / (STEPS - 1));
		cmsDoTransform(t->lcms, in, out, 1);
		for (int c = 0; c < 3; c++)
			if (abs(in[c] - out[c]) > NEAR)
				return false;
	}
	return true;
}

/* Takes the profile, which may be NULL. */
static struct colour_transform *
open_from(cmsHPROFILE from, enum colour_model model)
{
	cmsColorSpaceSignature space = cmsSigRgbData;
	cmsUInt32Number format = TYPE_RGB_8;
	lcms_model(model, &space, &format);
	struct colour_transform *t = calloc(1, sizeof *t);
	cmsHPROFILE to = cmsCreate_sRGBProfile();
	if (t != NULL && from != NULL && to != NULL &&
	    cmsGetColorSpace(from) == space) {
		t->channels = colour_planes(model);
		t->lcms = cmsCreateTransform(
		    from, format, to, TYPE_RGB_8, INTENT_PERCEPTUAL, 0);
	}
	if (to != NULL)
		cmsCloseProfile(to);
	if (from != NULL)
		cmsCloseProfile(from);
	if (t != NULL && (t->lcms == NULL || changes_nothing(t))) {
		colour_close(t);
		return NULL;
	}
	return t;
}

struct colour_transform *
colour_open(struct str icc, enum colour_model model)
{
	if (icc.len < 128 || icc.len > ICC_MAX_BYTES)
		return NULL;
	return open_from(
	    cmsOpenProfileFromMem(icc.at, (cmsUInt32Number)icc.len), model);
}

struct colour_transform *
colour_open_gamma(double exponent, const struct colour_primaries *primaries,
    enum colour_model model)
{
	const struct colour_primaries *p = primaries;
	if (!(exponent >= EXPONENT_LEAST && exponent <= EXPONENT_MOST))
		return NULL;
	cmsToneCurve *curve = cmsBuildGamma(NULL, exponent);
	if (curve == NULL)
		return NULL;
	cmsToneCurve *const curves[3] = {curve, curve, curve};
	cmsCIExyY white = {p->white[0], p->white[1], 1};
	cmsCIExyYTRIPLE rgb = {{p->red[0], p->red[1], 1},
	    {p->green[0], p->green[1], 1}, {p->blue[0], p->blue[1], 1}};
	cmsHPROFILE from = model == COLOUR_GREY
	                       ? cmsCreateGrayProfile(cmsD50_xyY(), curve)
	                       : cmsCreateRGBProfile(&white, &rgb, curves);
	cmsFreeToneCurve(curve);
	return open_from(from, model);
}

void
colour_close(struct colour_transform *t)
{
	if (t == NULL)
		return;
	if (t->lcms != NULL)
		cmsDeleteTransform(t->lcms);
	free(t);
}

static inline uint8_t
clamp(int32_t v)
{
	return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* One row of YCbCr to RGB, in place. */
static void
row_to_rgb(
    uint8_t *restrict y, uint8_t *restrict cb, uint8_t *restrict cr, size_t n)
{
	const int32_t half = 1 << (FIXED_BITS - 1);
	for (size_t i = 0; i < n; i++) {
		int32_t l = (y[i] << FIXED_BITS) + half;
		int32_t u = cb[i] - 128;
		int32_t v = cr[i] - 128;
		y[i] = clamp((l + FIXED(1.402) * v) >> FIXED_BITS);
		cb[i] = clamp(
		    (l - FIXED(0.344136286) * u - FIXED(0.714136286) * v) >>
		    FIXED_BITS);
		cr[i] = clamp((l + FIXED(1.772) * u) >> FIXED_BITS);
	}
}

static void
planes_to_rgb(struct plane *planes)
{
	for (size_t j = 0; j < planes[0].height; j++)
		row_to_rgb(planes[0].at + j * planes[0].stride,
		    planes[1].at + j * planes[1].stride,
		    planes[2].at + j * planes[2].stride, planes[0].width);
}

/* Inks without a profile: what one ink leaves of the light, black takes its
 * share of.  YCCK's RGB is the complement of its CMY. */
static void
inks_to_rgb(struct plane *planes, bool is_ycck)
{
	if (is_ycck)
		planes_to_rgb(planes);
	uint8_t flip = is_ycck ? 255 : 0;
	for (size_t j = 0; j < planes[0].height; j++) {
		const uint8_t *k = planes[3].at + j * planes[3].stride;
		for (size_t c = 0; c < 3; c++) {
			uint8_t *p = planes[c].at + j * planes[c].stride;
			for (size_t i = 0; i < planes[0].width; i++)
				p[i] = (uint8_t)(((p[i] ^ flip) * k[i] + 127) /
						 255);
		}
	}
}

/* Through lcms2, row by row, into planes 0 to 2. */
static enum err
transform_planes(struct plane *planes, struct colour_transform *t)
{
	size_t width = planes[0].width;
	uint8_t *in = malloc(width * (t->channels + 3));
	if (in == NULL)
		return ERR_MEMORY;
	uint8_t *out = in + width * t->channels;
	size_t outs = t->channels == 1 ? 1 : 3;
	for (size_t j = 0; j < planes[0].height; j++) {
		for (size_t c = 0; c < t->channels; c++) {
			const uint8_t *p = planes[c].at + j * planes[c].stride;
			for (size_t i = 0; i < width; i++)
				in[i * t->channels + c] = p[i];
		}
		cmsDoTransform(t->lcms, in, out, (cmsUInt32Number)width);
		for (size_t c = 0; c < outs; c++) {
			uint8_t *p = planes[c].at + j * planes[c].stride;
			for (size_t i = 0; i < width; i++)
				p[i] = out[i * 3 + c];
		}
	}
	free(in);
	return OK;
}

static void
complement(struct plane *p)
{
	for (size_t i = 0; i < p->height * p->stride; i++)
		p->at[i] ^= 255;
}

/* RGB rows to luma. */
static void
luma_row(const uint8_t *restrict r, const uint8_t *restrict g,
    const uint8_t *restrict b, uint8_t *restrict y, size_t n)
{
	const int32_t half = 1 << (FIXED_BITS - 1);
	for (size_t i = 0; i < n; i++)
		y[i] = (uint8_t)((FIXED(0.299) * r[i] + FIXED(0.587) * g[i] +
				     FIXED(0.114) * b[i] + half) >>
				 FIXED_BITS);
}

/* The sum of the 2 x 2 samples at (x, y), edges repeated. */
static int32_t
sum_of_four(const struct plane *p, size_t x, size_t y)
{
	size_t x1 = x + 1 < p->width ? x + 1 : x;
	const uint8_t *upper = p->at + y * p->stride;
	const uint8_t *lower = y + 1 < p->height ? upper + p->stride : upper;
	return upper[x] + upper[x1] + lower[x] + lower[x1];
}

static void
chroma_row(const struct plane *rgb, size_t j, struct frame *out)
{
	const int32_t middle =
	    (128 << (FIXED_BITS + 2)) + (1 << (FIXED_BITS + 1));
	uint8_t *cb = out->planes[1].at + j * out->planes[1].stride;
	uint8_t *cr = out->planes[2].at + j * out->planes[2].stride;
	for (size_t i = 0; i < out->planes[1].width; i++) {
		int32_t r = sum_of_four(&rgb[0], 2 * i, 2 * j);
		int32_t g = sum_of_four(&rgb[1], 2 * i, 2 * j);
		int32_t b = sum_of_four(&rgb[2], 2 * i, 2 * j);
		int32_t u = FIXED(-0.168735892) * r + FIXED(-0.331264108) * g +
		            FIXED(0.5) * b;
		int32_t v = FIXED(0.5) * r + FIXED(-0.418687589) * g +
		            FIXED(-0.081312411) * b;
		cb[i] = clamp((u + middle) >> (FIXED_BITS + 2));
		cr[i] = clamp((v + middle) >> (FIXED_BITS + 2));
	}
}

static enum err
rgb_to_frame(const struct plane *rgb, struct frame *out)
{
	TRY(frame_make(out, 3, rgb[0].width, rgb[0].height));
	for (size_t j = 0; j < rgb[0].height; j++)
		luma_row(rgb[0].at + j * rgb[0].stride,
		    rgb[1].at + j * rgb[1].stride,
		    rgb[2].at + j * rgb[2].stride,
		    out->planes[0].at + j * out->planes[0].stride,
		    rgb[0].width);
	for (size_t j = 0; j < out->planes[1].height; j++)
		chroma_row(rgb, j, out);
	return OK;
}

/* The grey plane changes hands. */
static enum err
grey_to_frame(struct plane *grey, struct frame *out)
{
	*out = (struct frame){.planes = {*grey}, .count = 1};
	*grey = (struct plane){0};
	return OK;
}

enum err
colour_to_frame(struct plane *planes, enum colour_model model,
    struct colour_transform *t, struct frame *out)
{
	if (model == COLOUR_YCC || (model == COLOUR_YCCK && t != NULL))
		planes_to_rgb(planes);
	if (model == COLOUR_YCCK && t != NULL)
		for (size_t c = 0; c < 3; c++)
			complement(&planes[c]);
	if (t != NULL)
		TRY(transform_planes(planes, t));
	else if (model == COLOUR_CMYK || model == COLOUR_YCCK)
		inks_to_rgb(planes, model == COLOUR_YCCK);
	if (model == COLOUR_GREY)
		return grey_to_frame(planes, out);
	return rgb_to_frame(planes, out);
}
