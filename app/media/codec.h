/* One still picture of HEVC or AV1, in one thread.
 *
 * pixlpix-decode-heif alone, inside its sandbox.
 */
#ifndef PIXLPIX_MEDIA_CODEC_H
#define PIXLPIX_MEDIA_CODEC_H

#include "media/heif.h"

enum {
	CODEC_DEPTH_MAX = 12
};

struct codec_picture {
	/* Y, Cb, Cr; Cb and Cr are NULL of a grey picture.  A sample has one
	 * byte where depth is 8, and else two, the machine's own order. */
	const uint8_t *planes[3];
	ptrdiff_t strides[3]; /* in bytes */
	int64_t width_px;
	int64_t height_px;
	int depth;  /* bits, 8 to CODEC_DEPTH_MAX */
	int across; /* luma samples for each of chroma: 1 or 2 */
	int down;
	struct heif_colour colour; /* as the bits say it */
	void *owner;               /* of the planes */
};

/* Decodes `data` of a picture that is `width_px` x `height_px`, neither more
 * nor less, with the `config` of its item.  *out is to be given back with the
 * codec's own free, which takes {0}.  ERR_INPUT where the bytes are damaged or
 * make something else, ERR_MEMORY. */
typedef enum err codec_decode_fn(struct str config, struct str data,
    int64_t width_px, int64_t height_px, struct codec_picture *out);

codec_decode_fn codec_hevc_decode;
void codec_hevc_free(struct codec_picture *p);

codec_decode_fn codec_av1_decode;
void codec_av1_free(struct codec_picture *p);

#endif
