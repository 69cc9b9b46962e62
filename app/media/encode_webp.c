/* WebP as good as a JPEG, found by trying.
 *
 * JPEG and WebP are both compared with the frame they were made of; the
 * quality of the WebP is the least that comes as near as the JPEG does.
 * libwebp's own range (16 to 235, and 16 to 240 for chroma) costs a little
 * precision, which the comparison counts in.
 */
#include "media/decode.h"
#include "media/encode.h"
#include "media/ssim.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <webp/decode.h>
#include <webp/encode.h>

enum {
	QUALITY_LEAST = 45,
	QUALITY_MOST = 92,
	METHOD = 4,
	DEBLOCKING = 10, /* the default of 60 blurs what is this good */
	PARTS = 100,
	PARTS_KEPT = 95, /* of the JPEG's bytes; less is not worth a file */
	CLEAR_PARTS_KEPT = 200, /* where the JPEG lacks the transparency */
	NO_COLOUR = 128
};

/* From full range to libwebp's, and back. */
struct range {
	uint8_t luma[256];
	uint8_t chroma[256];
};

static uint8_t
scaled(int value, int zero_in, int zero_out, int num, int den)
{
	int n = (value - zero_in) * num;
	int half = n < 0 ? -den / 2 : den / 2;
	n = (n + half) / den + zero_out;
	return (uint8_t)(n < 0 ? 0 : n > 255 ? 255 : n);
}

static struct range
range_to_studio(void)
{
	struct range r;
	for (int i = 0; i < 256; i++) {
		r.luma[i] = scaled(i, 0, 16, 219, 255);
		r.chroma[i] = scaled(i, 128, 128, 224, 255);
	}
	return r;
}

static struct range
range_to_full(void)
{
	struct range r;
	for (int i = 0; i < 256; i++) {
		r.luma[i] = scaled(i, 16, 0, 255, 219);
		r.chroma[i] = scaled(i, 128, 128, 255, 224);
	}
	return r;
}

static struct range
range_same(void)
{
	struct range r;
	for (int i = 0; i < 256; i++)
		r.luma[i] = r.chroma[i] = (uint8_t)i;
	return r;
}

/* `to` has three planes; a grey frame gets chroma that says nothing. */
static void
map_frame(const struct frame *from, const struct range *r, struct frame *to)
{
	for (size_t c = 0; c < to->count; c++) {
		const uint8_t *map = c == 0 ? r->luma : r->chroma;
		struct plane *out = &to->planes[c];
		for (size_t j = 0; j < out->height; j++) {
			uint8_t *row = out->at + j * out->stride;
			if (c >= from->count) {
				memset(row, NO_COLOUR, out->width);
				continue;
			}
			const struct plane *in = &from->planes[c];
			const uint8_t *p = in->at + j * in->stride;
			for (size_t i = 0; i < out->width; i++)
				row[i] = map[p[i]];
		}
	}
}

/* Alpha of sample (i, j) of plane c: of chroma the mean of its four. */
static uint32_t
alpha_at(const struct plane *alpha, size_t c, size_t i, size_t j)
{
	if (c == 0)
		return alpha->at[j * alpha->stride + i];
	size_t right = 2 * i + 1 < alpha->width ? 2 * i + 1 : 2 * i;
	size_t below = 2 * j + 1 < alpha->height ? 2 * j + 1 : 2 * j;
	const uint8_t *upper = alpha->at + 2 * j * alpha->stride;
	const uint8_t *lower = alpha->at + below * alpha->stride;
	uint32_t sum = upper[2 * i];
	sum += upper[right];
	sum += lower[2 * i];
	sum += lower[right];
	return (sum + 2) / 4;
}

static uint8_t
behind_removed(uint32_t value, uint32_t behind, uint32_t alpha)
{
	if (alpha == 0)
		return (uint8_t)behind;
	int64_t v = (int64_t)value * 255 - (int64_t)behind * (255 - alpha);
	v = (v + alpha / 2) / alpha;
	return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static uint8_t
behind_added(uint32_t value, uint32_t behind, uint32_t alpha)
{
	return (uint8_t)((value * alpha + behind * (255 - alpha) + 127) / 255);
}

typedef uint8_t change_fn(uint32_t value, uint32_t behind, uint32_t alpha);

/* Changes each sample of a frame of three planes by its alpha. */
static void
change_behind(struct frame *f, const struct plane *alpha,
    const uint8_t behind[3], change_fn *change)
{
	for (size_t c = 0; c < 3; c++) {
		struct plane *p = &f->planes[c];
		for (size_t j = 0; j < p->height; j++) {
			uint8_t *row = p->at + j * p->stride;
			for (size_t i = 0; i < p->width; i++)
				row[i] = change(row[i], behind[c],
				    alpha_at(alpha, c, i, j));
		}
	}
}

struct search {
	struct frame *frame;  /* what both are compared with */
	uint8_t behind[3];    /* the background, in its planes */
	struct frame studio;  /* it in libwebp's range */
	struct frame decoded; /* the last try, in full range */
	double target;        /* the JPEG's similarity */
	struct buf jpeg;
	WebPMemoryWriter best;
};

static enum err
measure_jpeg(struct search *s, int quality)
{
	TRY(encode_jpeg_memory(s->frame, quality, &s->jpeg));
	struct str bytes = buf_str(&s->jpeg);
	struct media_probe probe;
	TRY(media_probe_bytes(bytes, &probe));
	struct wanted wanted = {.width = s->frame->planes[0].width,
	    .height = s->frame->planes[0].height,
	    .orientation = 1};
	struct frame decoded;
	TRY(decode_jpeg(bytes, &probe, &wanted, &decoded));
	s->target = ssim_frames(s->frame, &decoded);
	frame_free(&decoded);
	return OK;
}

static enum err
encode_at(const struct search *s, int quality, WebPMemoryWriter *to)
{
	WebPConfig config;
	WebPPicture picture;
	if (!WebPConfigPreset(&config, WEBP_PRESET_PHOTO, (float)quality) ||
	    !WebPPictureInit(&picture))
		return ERR_INTERNAL;
	config.method = METHOD;
	config.filter_strength = DEBLOCKING;
	/* Noise shaping looks good at few bytes, and costs likeness. */
	config.sns_strength = 0;
	picture.width = (int)s->studio.planes[0].width;
	picture.height = (int)s->studio.planes[0].height;
	picture.y = s->studio.planes[0].at;
	picture.u = s->studio.planes[1].at;
	picture.v = s->studio.planes[2].at;
	picture.y_stride = (int)s->studio.planes[0].stride;
	picture.uv_stride = (int)s->studio.planes[1].stride;
	if (s->frame->has_alpha) {
		picture.colorspace = WEBP_YUV420A;
		picture.a = s->frame->planes[FRAME_ALPHA].at;
		picture.a_stride = (int)s->frame->planes[FRAME_ALPHA].stride;
	}
	picture.writer = WebPMemoryWrite;
	picture.custom_ptr = to;
	/* The planes are ours: WebPPictureFree has nothing to free. */
	if (WebPEncode(&config, &picture))
		return OK;
	return picture.error_code == VP8_ENC_ERROR_OUT_OF_MEMORY ||
	               picture.error_code ==
	                   VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY
	           ? ERR_MEMORY
	           : ERR_INTERNAL;
}

static enum err
measure_webp(struct search *s, const WebPMemoryWriter *file, double *ssim)
{
	WebPDecoderConfig config;
	if (!WebPInitDecoderConfig(&config))
		return ERR_INTERNAL;
	config.output.colorspace = MODE_YUV;
	VP8StatusCode status = WebPDecode(file->mem, file->size, &config);
	if (status != VP8_STATUS_OK)
		return status == VP8_STATUS_OUT_OF_MEMORY ? ERR_MEMORY
		                                          : ERR_INTERNAL;
	const WebPYUVABuffer *yuv = &config.output.u.YUVA;
	const struct frame *f = &s->studio;
	struct frame got = {.count = 3,
	    .planes = {{yuv->y, f->planes[0].width, f->planes[0].height,
			   (size_t)yuv->y_stride},
		{yuv->u, f->planes[1].width, f->planes[1].height,
		    (size_t)yuv->u_stride},
		{yuv->v, f->planes[2].width, f->planes[2].height,
		    (size_t)yuv->v_stride}}};
	struct range full = range_to_full();
	map_frame(&got, &full, &s->decoded);
	if (s->frame->has_alpha)
		change_behind(&s->decoded, &s->frame->planes[FRAME_ALPHA],
		    s->behind, behind_added);
	WebPFreeDecBuffer(&config.output);
	*ssim = ssim_frames(s->frame, &s->decoded);
	return OK;
}

static bool
is_worth_it(const struct search *s, const WebPMemoryWriter *file)
{
	size_t parts = s->frame->has_alpha ? CLEAR_PARTS_KEPT : PARTS_KEPT;
	return file->size * PARTS <= s->jpeg.len * parts;
}

static enum err
try_quality(struct search *s, int quality, bool *is_good)
{
	WebPMemoryWriter file;
	double ssim = 0;
	WebPMemoryWriterInit(&file);
	enum err e = encode_at(s, quality, &file);
	if (e == OK)
		e = measure_webp(s, &file, &ssim);
	/* What is transparent has no other way to be shown so. */
	*is_good =
	    e == OK && (ssim >= s->target ||
			   (s->frame->has_alpha && quality == QUALITY_MOST));
	if (!*is_good || !is_worth_it(s, &file)) {
		WebPMemoryWriterClear(&file);
		return e;
	}
	WebPMemoryWriterClear(&s->best);
	s->best = file;
	return OK;
}

/* The least quality that is good, by halving; similarity grows with it. */
static enum err
search(struct search *s)
{
	int bad = QUALITY_LEAST - 1;
	int good = QUALITY_MOST + 1;
	while (good - bad > 1) {
		int middle = (bad + good) / 2;
		bool is_good;
		TRY(try_quality(s, middle, &is_good));
		*(is_good ? &good : &bad) = middle;
	}
	return OK;
}

static enum err
write_all(int fd, const uint8_t *at, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, at, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_IO;
		at += n;
		size -= (size_t)n;
	}
	return OK;
}

static enum err
prepare(struct search *s, int jpeg_quality)
{
	size_t width = s->frame->planes[0].width;
	size_t height = s->frame->planes[0].height;
	TRY(frame_make(&s->studio, 3, width, height));
	TRY(frame_make(&s->decoded, s->frame->count, width, height));
	struct range studio = range_to_studio();
	/* By way of the other frame, which is free until there is a try. */
	if (s->frame->has_alpha) {
		struct range same = range_same();
		map_frame(s->frame, &same, &s->decoded);
		change_behind(&s->decoded, &s->frame->planes[FRAME_ALPHA],
		    s->behind, behind_removed);
	}
	map_frame(
	    s->frame->has_alpha ? &s->decoded : s->frame, &studio, &s->studio);
	return measure_jpeg(s, jpeg_quality);
}

enum err
encode_webp(struct frame *f, int jpeg_quality, uint32_t background, int fd,
    int64_t *bytes)
{
	static const struct colour_matrix jfif;
	struct search s = {.frame = f};
	colour_background(background, COLOUR_YCC, &jfif, s.behind);
	WebPMemoryWriterInit(&s.best);
	enum err e = prepare(&s, jpeg_quality);
	if (e == OK)
		e = search(&s);
	if (e == OK)
		e = write_all(fd, s.best.mem, s.best.size);
	if (e == OK)
		*bytes = (int64_t)s.best.size;
	WebPMemoryWriterClear(&s.best);
	buf_free(&s.jpeg);
	frame_free(&s.studio);
	frame_free(&s.decoded);
	return e;
}
