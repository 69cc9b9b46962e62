/* Colour models to JFIF's YCbCr, and ICC profiles by way of lcms2. */
#include "media/colour.h"

#include <lcms2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	ICC_MAX_BYTES = 4 << 20,
	FIXED_BITS = 16,
	NEAR = 3 /* a difference that no one sees, of 255 */
};

#define EXPONENT_LEAST 0.3
#define EXPONENT_MOST 5.0

#define JFIF_RED .299
#define JFIF_BLUE .114

#define FIXED(x) ((int32_t)((x) * (1 << FIXED_BITS) + ((x) < 0 ? -0.5 : 0.5)))

static const struct colour_matrix jfif;

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

static struct colour_transform *
open_rgb(cmsToneCurve *curve, const struct colour_primaries *p,
    enum colour_model model)
{
	cmsToneCurve *const curves[3] = {curve, curve, curve};
	cmsCIExyY white = {p->white[0], p->white[1], 1};
	cmsCIExyYTRIPLE rgb = {{p->red[0], p->red[1], 1},
	    {p->green[0], p->green[1], 1}, {p->blue[0], p->blue[1], 1}};
	return open_from(cmsCreateRGBProfile(&white, &rgb, curves), model);
}

struct colour_transform *
colour_open_gamma(double exponent, const struct colour_primaries *primaries,
    enum colour_model model)
{
	if (!(exponent >= EXPONENT_LEAST && exponent <= EXPONENT_MOST))
		return NULL;
	cmsToneCurve *curve = cmsBuildGamma(NULL, exponent);
	if (curve == NULL)
		return NULL;
	struct colour_transform *t =
	    model == COLOUR_GREY
		? open_from(cmsCreateGrayProfile(cmsD50_xyY(), curve), model)
		: open_rgb(curve, primaries, model);
	cmsFreeToneCurve(curve);
	return t;
}

/* H.273 table 2, as far as files have them. */
static bool
coded_primaries(int number, struct colour_primaries *out)
{
	static const struct {
		int number;
		struct colour_primaries primaries;
	} known[] = {
	    {1, {{.3127, .3290}, {.640, .330}, {.300, .600}, {.150, .060}}},
	    {2, {{.3127, .3290}, {.640, .330}, {.300, .600}, {.150, .060}}},
	    {4, {{.310, .316}, {.67, .33}, {.21, .71}, {.14, .08}}},
	    {5, {{.3127, .3290}, {.64, .33}, {.29, .60}, {.15, .06}}},
	    {6, {{.3127, .3290}, {.630, .340}, {.310, .595}, {.155, .070}}},
	    {7, {{.3127, .3290}, {.630, .340}, {.310, .595}, {.155, .070}}},
	    {9, {{.3127, .3290}, {.708, .292}, {.170, .797}, {.131, .046}}},
	    {11, {{.314, .351}, {.680, .320}, {.265, .690}, {.150, .060}}},
	    {12, {{.3127, .3290}, {.680, .320}, {.265, .690}, {.150, .060}}}};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].number == number) {
			*out = known[i].primaries;
			return true;
		}
	return false;
}

/* SMPTE ST 2084, of 10,000 candela per square metre. */
static double
pq_light(double signal)
{
	double p = pow(signal, 1 / 78.84375);
	double n = p - .8359375;
	return n <= 0 ? 0
	              : pow(n / (18.8515625 - 18.6875 * p), 1 / .1593017578125);
}

/* Light of white at 203 candela (ITU-R BT.2408), and what is brighter, to
 * 1,000, in the room that is made for it (Reinhard's curve, extended). */
static cmsToneCurve *
pq_curve(void)
{
	enum {
		POINTS = 1024
	};
	static const double white = 1000. / 203;
	cmsFloat32Number points[POINTS];
	for (int i = 0; i < POINTS; i++) {
		double l = pq_light(i / (POINTS - 1.)) * 10000 / 203;
		l = l * (1 + l / (white * white)) / (1 + l);
		points[i] = (cmsFloat32Number)fmin(l, 1);
	}
	return cmsBuildTabulatedToneCurveFloat(NULL, POINTS, points);
}

/* Those of television are shown as sRGB's: that is how they were looked at
 * when they were made. */
static cmsToneCurve *
coded_curve(int transfer)
{
	static const cmsFloat64Number srgb[5] = {
	    2.4, 1 / 1.055, .055 / 1.055, 1 / 12.92, .04045};
	switch (transfer) {
	case 1:
	case 2:
	case 6:
	case 13:
	case 14:
	case 15:
	case 18: /* HLG, which is made to be shown so */
		return cmsBuildParametricToneCurve(NULL, 4, srgb);
	case 4:
		return cmsBuildGamma(NULL, 2.2);
	case 5:
		return cmsBuildGamma(NULL, 2.8);
	case 8:
		return cmsBuildGamma(NULL, 1);
	case 16:
		return pq_curve();
	default:
		return NULL;
	}
}

struct colour_transform *
colour_open_coded(int primaries, int transfer, enum colour_model model)
{
	struct colour_primaries p;
	if (!coded_primaries(primaries, &p))
		return NULL;
	cmsToneCurve *curve = coded_curve(transfer);
	if (curve == NULL)
		return NULL;
	struct colour_transform *t = open_rgb(curve, &p, model);
	cmsFreeToneCurve(curve);
	return t;
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

/* What Cb and Cr add to R, G and B (ITU-T H.273 equations 38 to 43). */
struct shares {
	int32_t red_cr;
	int32_t green_cb;
	int32_t green_cr;
	int32_t blue_cb;
};

static struct shares
shares_of(const struct colour_matrix *m)
{
	double red = m->red > 0 ? m->red : JFIF_RED;
	double blue = m->red > 0 ? m->blue : JFIF_BLUE;
	double green = 1 - red - blue;
	return (struct shares){FIXED(2 * (1 - red)),
	    FIXED(2 * (1 - blue) * blue / green),
	    FIXED(2 * (1 - red) * red / green), FIXED(2 * (1 - blue))};
}

/* One row of YCbCr to RGB, in place. */
static void
row_to_rgb(uint8_t *restrict y, uint8_t *restrict cb, uint8_t *restrict cr,
    size_t n, struct shares s)
{
	const int32_t half = 1 << (FIXED_BITS - 1);
	for (size_t i = 0; i < n; i++) {
		int32_t l = (y[i] << FIXED_BITS) + half;
		int32_t u = cb[i] - 128;
		int32_t v = cr[i] - 128;
		y[i] = clamp((l + s.red_cr * v) >> FIXED_BITS);
		cb[i] =
		    clamp((l - s.green_cb * u - s.green_cr * v) >> FIXED_BITS);
		cr[i] = clamp((l + s.blue_cb * u) >> FIXED_BITS);
	}
}

static void
planes_to_rgb(struct plane *planes, const struct colour_matrix *matrix)
{
	struct shares shares = shares_of(matrix);
	for (size_t j = 0; j < planes[0].height; j++)
		row_to_rgb(planes[0].at + j * planes[0].stride,
		    planes[1].at + j * planes[1].stride,
		    planes[2].at + j * planes[2].stride, planes[0].width,
		    shares);
}

bool
colour_matrix(int number, struct colour_matrix *out)
{
	static const struct {
		int number;
		struct colour_matrix matrix;
	} known[] = {{1, {.2126, .0722}}, {2, {0, 0}}, {4, {.30, .11}},
	    {5, {0, 0}}, {6, {0, 0}}, {7, {.212, .087}}, {9, {.2627, .0593}}};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].number == number) {
			*out = known[i].matrix;
			return true;
		}
	return false;
}

void
colour_background(uint32_t rgb, enum colour_model model,
    const struct colour_matrix *matrix, uint8_t out[3])
{
	double red = matrix->red > 0 ? matrix->red : JFIF_RED;
	double blue = matrix->red > 0 ? matrix->blue : JFIF_BLUE;
	double r = rgb >> 16 & 255;
	double g = rgb >> 8 & 255;
	double b = rgb & 255;
	double luma = red * r + (1 - red - blue) * g + blue * b;
	if (model == COLOUR_RGB) {
		out[0] = (uint8_t)r;
		out[1] = (uint8_t)g;
		out[2] = (uint8_t)b;
		return;
	}
	out[0] = clamp((int32_t)(luma + .5));
	out[1] = clamp((int32_t)((b - luma) / (2 * (1 - blue)) + 128.5));
	out[2] = clamp((int32_t)((r - luma) / (2 * (1 - red)) + 128.5));
}

/* Inks without a profile: what one ink leaves of the light, black takes its
 * share of.  YCCK's RGB is the complement of its CMY. */
static void
inks_to_rgb(struct plane *planes, bool is_ycck)
{
	if (is_ycck)
		planes_to_rgb(planes, &jfif);
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
    const struct colour_matrix *matrix, struct colour_transform *t,
    struct frame *out)
{
	if (model == COLOUR_YCC)
		planes_to_rgb(planes, matrix);
	if (model == COLOUR_YCCK && t != NULL)
		planes_to_rgb(planes, &jfif);
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
