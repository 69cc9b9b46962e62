/* WebP by way of libwebp; libgd has no answer to an animated one. */
#include "media/decode.h"

#include <stdlib.h>
#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

struct picture {
	WebPDecoderConfig config;
	size_t x; /* of the frame on its canvas */
	size_t y;
	bool has_alpha;
};

static enum err
decode_frame(const WebPIterator *frame, struct picture *p)
{
	if (!WebPInitDecoderConfig(&p->config))
		return ERR_INTERNAL;
	if (WebPGetFeatures(frame->fragment.bytes, frame->fragment.size,
		&p->config.input) != VP8_STATUS_OK)
		return ERR_INPUT;
	/* What the codec is about to allocate is what the demuxer knew. */
	if (p->config.input.width != frame->width ||
	    p->config.input.height != frame->height)
		return ERR_INPUT;
	p->has_alpha = p->config.input.has_alpha != 0;
	p->config.output.colorspace = p->has_alpha ? MODE_RGBA : MODE_RGB;
	p->x = (size_t)frame->x_offset;
	p->y = (size_t)frame->y_offset;
	VP8StatusCode status =
	    WebPDecode(frame->fragment.bytes, frame->fragment.size, &p->config);
	return status == VP8_STATUS_OK              ? OK
	       : status == VP8_STATUS_OUT_OF_MEMORY ? ERR_MEMORY
	                                            : ERR_INPUT;
}

/* Row j of the canvas: the frame where it is, the background elsewhere. */
static void
put_row(
    const struct picture *p, uint32_t background, size_t j, struct shrink *s)
{
	const WebPRGBABuffer *from = &p->config.output.u.RGBA;
	size_t width = (size_t)p->config.output.width;
	size_t height = (size_t)p->config.output.height;
	uint8_t *rgb[3];
	uint8_t *alpha = NULL;
	if (s->source.has_alpha) {
		alpha = shrink_row(s, FRAME_ALPHA, 0);
		memset(alpha, 0, s->source.width);
		alpha += p->x;
	}
	for (size_t c = 0; c < 3; c++) {
		rgb[c] = shrink_row(s, c, 0);
		if (width != s->source.width || height != s->source.height)
			memset(rgb[c], background >> (16 - 8 * c) & 255,
			    s->source.width);
		rgb[c] += p->x;
	}
	if (j >= p->y && j - p->y < height) {
		const uint8_t *row =
		    from->rgba + (j - p->y) * (size_t)from->stride;
		if (p->has_alpha)
			decode_flatten(row, width, background, rgb, alpha);
		else
			for (size_t i = 0; i < width; i++)
				for (size_t c = 0; c < 3; c++)
					rgb[c][i] = row[i * 3 + c];
		if (!p->has_alpha && alpha != NULL)
			memset(alpha, 255, width);
	}
	if (alpha != NULL)
		shrink_filled(s, FRAME_ALPHA, 1);
	for (size_t c = 0; c < 3; c++)
		shrink_filled(s, c, 1);
}

static enum err
put_canvas(const struct picture *p, const struct media_probe *probe,
    const struct wanted *wanted, struct colour_transform *t, struct frame *out)
{
	struct source source = {.width = (size_t)probe->width_px,
	    .height = (size_t)probe->height_px,
	    .model = COLOUR_RGB,
	    .has_alpha =
		wanted->keeps_alpha &&
		(p->has_alpha || p->config.output.width != probe->width_px ||
		    p->config.output.height != probe->height_px),
	    .group = 1};
	if (p->x + (size_t)p->config.output.width > source.width ||
	    p->y + (size_t)p->config.output.height > source.height)
		return ERR_INPUT;
	source_fill(&source);
	struct shrink s;
	TRY(shrink_make(&s, wanted, &source, t));
	for (size_t j = 0; j < source.height; j++)
		put_row(p, wanted->background, j, &s);
	enum err e = shrink_finish(&s, out);
	shrink_free(&s);
	return e;
}

static struct colour_transform *
open_profile(const WebPDemuxer *demux)
{
	WebPChunkIterator chunk;
	if (!WebPDemuxGetChunk(demux, "ICCP", 1, &chunk))
		return NULL;
	struct colour_transform *t = colour_open(
	    (struct str){(const char *)chunk.chunk.bytes, chunk.chunk.size},
	    COLOUR_RGB);
	WebPDemuxReleaseChunkIterator(&chunk);
	return t;
}

static enum err
decode_first(const WebPDemuxer *demux, const struct media_probe *probe,
    const struct wanted *wanted, struct frame *out)
{
	WebPIterator frame;
	if (!WebPDemuxGetFrame(demux, 1, &frame))
		return ERR_INPUT;
	struct picture p = {0};
	enum err e = frame.complete ? decode_frame(&frame, &p) : ERR_INPUT;
	if (e == OK) {
		struct colour_transform *t = open_profile(demux);
		e = put_canvas(&p, probe, wanted, t, out);
		colour_close(t);
	}
	WebPFreeDecBuffer(&p.config.output);
	WebPDemuxReleaseIterator(&frame);
	return e;
}

enum err
decode_webp(struct str bytes, const struct media_probe *probe,
    const struct wanted *wanted, struct frame *out)
{
	WebPData data = {(const uint8_t *)bytes.at, bytes.len};
	WebPDemuxer *demux = WebPDemux(&data);
	if (demux == NULL)
		return ERR_INPUT;
	enum err e = decode_first(demux, probe, wanted, out);
	WebPDemuxDelete(demux);
	return e;
}
