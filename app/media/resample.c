/* The resampler: filter weights, the ring of source rows, the two passes.
 *
 * Down first, on bytes, into a row of 16-bit numbers with 6 bits of
 * fraction; then across, into bytes.  Both inner loops are written for SSE2,
 * which every x86-64 has, and in plain C for other machines.
 */
#include "media/resample.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	WEIGHT_BITS = 14,
	ROW_BITS = 6, /* fraction of the numbers between the passes */
	LOBES = 3
};

static double
lanczos(double x)
{
	if (x == 0)
		return 1;
	if (fabs(x) >= LOBES)
		return 0;
	double a = M_PI * x;
	return LOBES * sin(a) * sin(a / LOBES) / (a * a);
}

/* The samples within reach of target sample j. */
static void
reach(
    const struct axis *axis, double radius, size_t j, size_t *from, size_t *to)
{
	double middle = axis->origin + ((double)j + 0.5) * axis->step;
	double last = (double)axis->source - 1;
	double low = ceil(middle - radius - 0.5 + 1e-9);
	double high = floor(middle + radius - 0.5 - 1e-9);
	low = fmin(fmax(low, 0), last);
	high = fmin(fmax(high, low), last);
	*from = (size_t)low;
	*to = (size_t)high + 1;
}

/* Rounds weights so that they sum to one; the largest takes the rest. */
static void
quantise(const double *exact, size_t n, int16_t *out)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += exact[i];
	int left = 1 << WEIGHT_BITS;
	size_t largest = 0;
	for (size_t i = 0; i < n; i++) {
		out[i] = (int16_t)lrint(exact[i] / sum * (1 << WEIGHT_BITS));
		left -= out[i];
		if (out[i] > out[largest])
			largest = i;
	}
	out[largest] = (int16_t)(out[largest] + left);
}

static void
weigh(const struct axis *axis, double radius, double *exact, struct filter *f)
{
	double scale = fmax(1, fabs(axis->step));
	for (size_t j = 0; j < axis->target; j++) {
		double middle = axis->origin + ((double)j + 0.5) * axis->step;
		size_t from;
		size_t to;
		reach(axis, radius, j, &from, &to);
		double sum = 0;
		for (size_t i = from; i < to; i++) {
			double at = (double)i + 0.5 - middle;
			exact[i - from] = lanczos(at / scale);
			sum += exact[i - from];
		}
		if (sum < 0.1) /* only where the middle lies far outside */
			exact[0] = 1;
		f->first[j] = (uint32_t)from;
		quantise(
		    exact, sum < 0.1 ? 1 : to - from, f->weights + j * f->taps);
	}
}

enum err
filter_make(struct filter *f, const struct axis *axis, size_t multiple)
{
	double radius = LOBES * fmax(1, fabs(axis->step));
	size_t taps = 1;
	assert(axis->target > 0);
	for (size_t j = 0; j < axis->target; j++) {
		size_t from;
		size_t to;
		reach(axis, radius, j, &from, &to);
		taps = to - from > taps ? to - from : taps;
	}
	*f = (struct filter){.target = axis->target,
	    .taps = (taps + multiple - 1) / multiple * multiple,
	    .is_mirrored = axis->step < 0};
	double *exact = calloc(taps, sizeof *exact);
	f->first = calloc(axis->target, sizeof *f->first);
	f->weights = calloc(axis->target * f->taps, sizeof *f->weights);
	enum err e = ERR_MEMORY;
	if (exact != NULL && f->first != NULL && f->weights != NULL) {
		weigh(axis, radius, exact, f);
		e = OK;
	} else {
		filter_free(f);
	}
	free(exact);
	return e;
}

void
filter_free(struct filter *f)
{
	free(f->first);
	free(f->weights);
	*f = (struct filter){0};
}

/* The pass down: out[x] = sum of rows[t][x] * weights[t], `width` rounded up
 * to 16 samples; taps is even. */
static void
pass_down(const uint8_t **rows, const int16_t *weights, size_t taps,
    size_t width, int16_t *out)
{
#ifdef __SSE2__
	const __m128i zero = _mm_setzero_si128();
	const __m128i half = _mm_set1_epi32(1 << (WEIGHT_BITS - ROW_BITS - 1));
	for (size_t x = 0; x < width; x += 16) {
		__m128i s0 = half;
		__m128i s1 = half;
		__m128i s2 = half;
		__m128i s3 = half;
		for (size_t t = 0; t < taps; t += 2) {
			int pair;
			memcpy(&pair, weights + t, sizeof pair);
			__m128i w = _mm_set1_epi32(pair);
			__m128i a = _mm_loadu_si128(
			    (const __m128i *)(const void *)(rows[t] + x));
			__m128i b = _mm_loadu_si128(
			    (const __m128i *)(const void *)(rows[t + 1] + x));
			__m128i low = _mm_unpacklo_epi8(a, b);
			__m128i high = _mm_unpackhi_epi8(a, b);
			s0 = _mm_add_epi32(s0,
			    _mm_madd_epi16(_mm_unpacklo_epi8(low, zero), w));
			s1 = _mm_add_epi32(s1,
			    _mm_madd_epi16(_mm_unpackhi_epi8(low, zero), w));
			s2 = _mm_add_epi32(s2,
			    _mm_madd_epi16(_mm_unpacklo_epi8(high, zero), w));
			s3 = _mm_add_epi32(s3,
			    _mm_madd_epi16(_mm_unpackhi_epi8(high, zero), w));
		}
		s0 = _mm_srai_epi32(s0, WEIGHT_BITS - ROW_BITS);
		s1 = _mm_srai_epi32(s1, WEIGHT_BITS - ROW_BITS);
		s2 = _mm_srai_epi32(s2, WEIGHT_BITS - ROW_BITS);
		s3 = _mm_srai_epi32(s3, WEIGHT_BITS - ROW_BITS);
		__m128i *to = (__m128i *)(void *)(out + x);
		_mm_storeu_si128(to, _mm_packs_epi32(s0, s1));
		_mm_storeu_si128(to + 1, _mm_packs_epi32(s2, s3));
	}
#else
	for (size_t x = 0; x < width; x++) {
		int32_t sum = 1 << (WEIGHT_BITS - ROW_BITS - 1);
		for (size_t t = 0; t < taps; t++)
			sum += rows[t][x] * weights[t];
		out[x] = (int16_t)(sum >> (WEIGHT_BITS - ROW_BITS));
	}
#endif
}

static uint8_t
to_byte(int32_t sum)
{
	sum >>= WEIGHT_BITS + ROW_BITS;
	return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

#ifdef __SSE2__
/* Four partial sums of one target sample. */
static inline __m128i
dot(const int16_t *in, const int16_t *weights, size_t taps)
{
	__m128i sum = _mm_setzero_si128();
	for (size_t t = 0; t < taps; t += 8) {
		__m128i a =
		    _mm_loadu_si128((const __m128i *)(const void *)(in + t));
		__m128i w = _mm_loadu_si128(
		    (const __m128i *)(const void *)(weights + t));
		sum = _mm_add_epi32(sum, _mm_madd_epi16(a, w));
	}
	return sum;
}

/* Four target samples from j on, to out[0..3]. */
static inline void
four_across(const int16_t *in, const struct filter *f, size_t j, uint8_t *out)
{
	const int16_t *w = f->weights + j * f->taps;
	__m128i a = dot(in + f->first[j], w, f->taps);
	__m128i b = dot(in + f->first[j + 1], w + f->taps, f->taps);
	__m128i c = dot(in + f->first[j + 2], w + 2 * f->taps, f->taps);
	__m128i d = dot(in + f->first[j + 3], w + 3 * f->taps, f->taps);
	__m128i ab =
	    _mm_add_epi32(_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b));
	__m128i cd =
	    _mm_add_epi32(_mm_unpacklo_epi32(c, d), _mm_unpackhi_epi32(c, d));
	__m128i sum = _mm_add_epi32(
	    _mm_unpacklo_epi64(ab, cd), _mm_unpackhi_epi64(ab, cd));
	sum = _mm_add_epi32(
	    sum, _mm_set1_epi32(1 << (WEIGHT_BITS + ROW_BITS - 1)));
	sum = _mm_srai_epi32(sum, WEIGHT_BITS + ROW_BITS);
	sum = _mm_packs_epi32(sum, sum);
	int four = _mm_cvtsi128_si32(_mm_packus_epi16(sum, sum));
	memcpy(out, &four, sizeof four);
}
#endif

/* The pass across; taps is a multiple of 8. */
static void
pass_across(const int16_t *in, const struct filter *f, uint8_t *out)
{
	size_t j = 0;
#ifdef __SSE2__
	for (; j + 4 <= f->target; j += 4)
		four_across(in, f, j, out + j);
#endif
	for (; j < f->target; j++) {
		const int16_t *from = in + f->first[j];
		const int16_t *w = f->weights + j * f->taps;
		int32_t sum = 1 << (WEIGHT_BITS + ROW_BITS - 1);
		for (size_t t = 0; t < f->taps; t++)
			sum += from[t] * w[t];
		out[j] = to_byte(sum);
	}
}

enum err
resampler_make(struct resampler *r, const struct axis *x, const struct axis *y,
    size_t group, struct plane *out)
{
	*r = (struct resampler){
	    .source_width = x->source, .source_height = y->source, .out = out};
	enum err e = filter_make(&r->across, x, 8);
	if (e == OK)
		e = filter_make(&r->down, y, 2);
	if (e == OK && group > 0) {
		r->ring_rows = r->down.taps + group;
		r->ring_stride = (x->source + PLANE_SLACK + 63) & ~(size_t)63;
		r->ring = calloc(r->ring_rows, r->ring_stride);
		if (r->ring == NULL)
			e = ERR_MEMORY;
	}
	if (e == OK) {
		r->taps = calloc(r->down.taps, sizeof *r->taps);
		r->row =
		    calloc(x->source + r->across.taps + 16, sizeof *r->row);
		if (r->taps == NULL || r->row == NULL)
			e = ERR_MEMORY;
	}
	if (e != OK)
		resampler_free(r);
	return e;
}

void
resampler_free(struct resampler *r)
{
	filter_free(&r->across);
	filter_free(&r->down);
	free(r->ring);
	free(r->taps);
	free(r->row);
	*r = (struct resampler){0};
}

uint8_t *
resampler_row(struct resampler *r, size_t ahead)
{
	return r->ring + (r->have + ahead) % r->ring_rows * r->ring_stride;
}

/* Makes target row j; source row i lies at at + i % rows * stride. */
static void
make_row(struct resampler *r, size_t j, const uint8_t *at, size_t rows,
    size_t stride)
{
	size_t taps = r->down.taps;
	for (size_t t = 0; t < taps; t++) {
		size_t i = r->down.first[j] + t;
		if (i >= r->source_height)
			i = r->source_height - 1; /* its weight is 0 */
		r->taps[t] = at + i % rows * stride;
	}
	pass_down(
	    r->taps, r->down.weights + j * taps, taps, r->source_width, r->row);
	pass_across(r->row, &r->across, r->out->at + j * r->out->stride);
}

void
resampler_filled(struct resampler *r, size_t rows)
{
	size_t left = r->source_height - r->have;
	r->have += rows < left ? rows : left;
	for (; r->made < r->down.target; r->made++) {
		size_t j = r->down.is_mirrored ? r->down.target - 1 - r->made
		                               : r->made;
		size_t need = r->down.first[j] + r->down.taps;
		if (need > r->source_height)
			need = r->source_height;
		if (need > r->have)
			return;
		make_row(r, j, r->ring, r->ring_rows, r->ring_stride);
	}
}

static bool
is_identity(const struct axis *a)
{
	return a->source == a->target && a->origin == 0 && a->step == 1;
}

enum err
plane_resample(const struct plane *in, const struct axis *x,
    const struct axis *y, struct plane *out)
{
	if (is_identity(x) && is_identity(y)) {
		for (size_t j = 0; j < out->height; j++)
			memcpy(out->at + j * out->stride,
			    in->at + j * in->stride, out->width);
		return OK;
	}
	struct resampler r;
	TRY(resampler_make(&r, x, y, 0, out));
	for (size_t j = 0; j < out->height; j++)
		make_row(&r, j, in->at, in->height, in->stride);
	resampler_free(&r);
	return OK;
}
