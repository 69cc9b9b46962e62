/* AV1 by way of dav1d. */
#include "media/codec.h"

#include <dav1d/dav1d.h>
#include <errno.h>
#include <stdlib.h>

struct owner {
	Dav1dContext *dav1d;
	Dav1dPicture picture;
};

/* The bytes are mapped for as long as the process lives. */
static void
keep(const uint8_t *bytes, void *cookie)
{
	(void)bytes;
	(void)cookie;
}

static enum err
err_of(int result)
{
	return result == DAV1D_ERR(ENOMEM) ? ERR_MEMORY : ERR_INPUT;
}

static enum err
decode(struct owner *o, struct str data, int64_t pixels)
{
	Dav1dSettings settings;
	Dav1dData in = {0};
	dav1d_default_settings(&settings);
	settings.n_threads = 1;
	settings.max_frame_delay = 1;
	settings.all_layers = 0;
	settings.frame_size_limit = (unsigned)pixels;
	settings.logger.callback = NULL;
	int result = dav1d_open(&o->dav1d, &settings);
	if (result < 0)
		return err_of(result);
	result = dav1d_data_wrap(
	    &in, (const uint8_t *)data.at, data.len, keep, NULL);
	if (result < 0)
		return err_of(result);
	/* It takes a piece, or gives a picture, or is in want of more. */
	int got = DAV1D_ERR(EAGAIN);
	while (result >= 0 && got == DAV1D_ERR(EAGAIN) && in.sz > 0) {
		result = dav1d_send_data(o->dav1d, &in);
		if (result == DAV1D_ERR(EAGAIN))
			result = 0;
		if (result >= 0)
			got = dav1d_get_picture(o->dav1d, &o->picture);
	}
	if (result >= 0 && got == DAV1D_ERR(EAGAIN))
		got = dav1d_get_picture(o->dav1d, &o->picture);
	dav1d_data_unref(&in);
	return result < 0 ? err_of(result) : got < 0 ? err_of(got) : OK;
}

static enum err
describe(const Dav1dPicture *from, struct codec_picture *p)
{
	p->width_px = from->p.w;
	p->height_px = from->p.h;
	p->depth = from->p.bpc;
	p->across = from->p.layout == DAV1D_PIXEL_LAYOUT_I444 ? 1 : 2;
	p->down = from->p.layout == DAV1D_PIXEL_LAYOUT_I420 ? 2 : 1;
	for (int c = 0; c < 3; c++) {
		p->planes[c] = from->data[c];
		p->strides[c] = from->stride[c > 0];
	}
	if (from->p.layout == DAV1D_PIXEL_LAYOUT_I400)
		p->planes[1] = p->planes[2] = NULL;
	p->colour = (struct heif_colour){(int)from->seq_hdr->pri,
	    (int)from->seq_hdr->trc, (int)from->seq_hdr->mtrx,
	    from->seq_hdr->color_range != 0};
	return p->depth <= CODEC_DEPTH_MAX ? OK : ERR_INPUT;
}

enum err
codec_av1_decode(struct str config, struct str data, int64_t width_px,
    int64_t height_px, struct codec_picture *out)
{
	/* The data have the sequence's head of their own. */
	(void)config;
	struct owner *o = calloc(1, sizeof *o);
	if (o == NULL)
		return ERR_MEMORY;
	struct codec_picture p = {.owner = o};
	enum err e = decode(o, data, width_px * height_px);
	if (e == OK)
		e = describe(&o->picture, &p);
	if (e == OK && (p.width_px != width_px || p.height_px != height_px))
		e = ERR_INPUT;
	if (e == OK)
		*out = p;
	else
		codec_av1_free(&p);
	return e;
}

void
codec_av1_free(struct codec_picture *p)
{
	struct owner *o = p->owner;
	if (o == NULL)
		return;
	dav1d_picture_unref(&o->picture);
	dav1d_close(&o->dav1d);
	free(o);
	*p = (struct codec_picture){0};
}
