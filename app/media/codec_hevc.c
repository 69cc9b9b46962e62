/* HEVC by way of libde265.  Where no worker threads are asked for it starts
 * none. */
#include "media/codec.h"

#include <libde265/de265.h>

enum {
	HEAD_BYTES = 22,   /* of hvcC, before its arrays (14496-15 8.3.3.1) */
	ROUNDS_MAX = 10000 /* of de265_decode, for one picture */
};

struct bytes {
	const unsigned char *at;
	size_t left;
};

/* The next `size` (to 4) bytes as a number; false past the end. */
static bool
take(struct bytes *b, size_t size, size_t *out)
{
	size_t n = 0;
	if (b->left < size)
		return false;
	for (size_t i = 0; i < size; i++)
		n = n << 8 | b->at[i];
	b->at += size;
	b->left -= size;
	*out = n;
	return true;
}

/* A unit with its length before it. */
static enum err
push_unit(de265_decoder_context *de265, struct bytes *b, size_t length_size)
{
	size_t size;
	if (!take(b, length_size, &size) || size > b->left || size > 1 << 30)
		return ERR_INPUT;
	de265_error e = de265_push_NAL(de265, b->at, (int)size, 0, NULL);
	b->at += size;
	b->left -= size;
	return e == DE265_OK                    ? OK
	       : e == DE265_ERROR_OUT_OF_MEMORY ? ERR_MEMORY
	                                        : ERR_INPUT;
}

/* Parameter sets, from hvcC. */
static enum err
push_config(
    de265_decoder_context *de265, struct str config, size_t *length_size)
{
	struct bytes b = {(const unsigned char *)config.at, config.len};
	size_t arrays;
	size_t kind;
	size_t units;
	if (b.left < HEAD_BYTES + 1)
		return ERR_INPUT;
	*length_size = (b.at[HEAD_BYTES - 1] & 3U) + 1;
	b.at += HEAD_BYTES;
	b.left -= HEAD_BYTES;
	if (!take(&b, 1, &arrays))
		return ERR_INPUT;
	for (size_t i = 0; i < arrays; i++) {
		if (!take(&b, 1, &kind) || !take(&b, 2, &units))
			return ERR_INPUT;
		for (size_t j = 0; j < units; j++)
			TRY(push_unit(de265, &b, 2));
	}
	return OK;
}

/* A warning is damage, but for one that is about threads. */
static bool
has_warned(de265_decoder_context *de265)
{
	for (;;) {
		de265_error e = de265_get_warning(de265);
		if (e == DE265_OK)
			return false;
		if (e != DE265_WARNING_NO_WPP_CANNOT_USE_MULTITHREADING)
			return true;
	}
}

static enum err
decode(de265_decoder_context *de265, struct str config, struct str data,
    const struct de265_image **image)
{
	struct bytes b = {(const unsigned char *)data.at, data.len};
	size_t length_size;
	int more = 1;
	TRY(push_config(de265, config, &length_size));
	while (b.left > 0)
		TRY(push_unit(de265, &b, length_size));
	if (de265_flush_data(de265) != DE265_OK)
		return ERR_INPUT;
	for (int n = 0; more != 0 && n < ROUNDS_MAX; n++) {
		de265_error e = de265_decode(de265, &more);
		if (e != DE265_OK)
			return e == DE265_ERROR_OUT_OF_MEMORY ? ERR_MEMORY
			                                      : ERR_INPUT;
		*image = de265_peek_next_picture(de265);
		if (*image != NULL)
			break;
	}
	return *image == NULL || has_warned(de265) ? ERR_INPUT : OK;
}

static enum err
describe(const struct de265_image *from, struct codec_picture *p)
{
	enum de265_chroma chroma = de265_get_chroma_format(from);
	int planes = chroma == de265_chroma_mono ? 1 : 3;
	p->width_px = de265_get_image_width(from, 0);
	p->height_px = de265_get_image_height(from, 0);
	p->depth = de265_get_bits_per_pixel(from, 0);
	p->across = chroma == de265_chroma_444 ? 1 : 2;
	p->down = chroma == de265_chroma_420 ? 2 : 1;
	for (int c = 0; c < planes; c++) {
		int stride;
		p->planes[c] = de265_get_image_plane(from, c, &stride);
		p->strides[c] = stride;
		if (de265_get_bits_per_pixel(from, c) != p->depth)
			return ERR_INPUT;
	}
	p->colour = (struct heif_colour){de265_get_image_colour_primaries(from),
	    de265_get_image_transfer_characteristics(from),
	    de265_get_image_matrix_coefficients(from),
	    de265_get_image_full_range_flag(from) != 0};
	return p->depth >= 8 && p->depth <= CODEC_DEPTH_MAX ? OK : ERR_INPUT;
}

enum err
codec_hevc_decode(struct str config, struct str data, int64_t width_px,
    int64_t height_px, struct codec_picture *out)
{
	const struct de265_image *image = NULL;
	struct codec_picture p = {.owner = de265_new_decoder()};
	if (p.owner == NULL)
		return ERR_MEMORY;
	enum err e = decode(p.owner, config, data, &image);
	if (e == OK)
		e = describe(image, &p);
	if (e == OK && (p.width_px != width_px || p.height_px != height_px))
		e = ERR_INPUT;
	if (e == OK)
		*out = p;
	else
		codec_hevc_free(&p);
	return e;
}

void
codec_hevc_free(struct codec_picture *p)
{
	if (p->owner == NULL)
		return;
	(void)de265_free_decoder(p->owner);
	*p = (struct codec_picture){0};
}
