/* The codecs: bytes of an upload to one upright sRGB frame.
 *
 * Decoder child only, inside its sandbox.  `probe` is what media_probe_bytes
 * said of the same bytes: a known kind, whole, neither side 0 nor beyond
 * MEDIA_EDGE_MAX_PX.
 *
 * All: the frame is made here and owned by the caller.  ERR_INPUT where the
 * bytes are cut off or damaged, ERR_MEMORY.
 */
#ifndef PIXLPIX_MEDIA_DECODE_H
#define PIXLPIX_MEDIA_DECODE_H

#include "media/probe.h"
#include "media/shrink.h"

typedef enum err decode_fn(struct str bytes, const struct media_probe *probe,
    const struct wanted *wanted, struct frame *out);

/* libjpeg-turbo, at the DCT scale that is just large enough.  A warning of
 * the library is an error, so that a grey half of a picture is not published
 * as if it were one. */
decode_fn decode_jpeg;

/* libpng: row by row, but for interlaced files. */
decode_fn decode_png;

/* libwebp; the first frame of an animation. */
decode_fn decode_webp;

/* libgd; the first frame of an animation.  In pixlpix-decode-gd alone. */
decode_fn decode_gif;

/* HEIC and AVIF, by libde265 and dav1d, without threads; the still picture of
 * an animation.  In pixlpix-decode-heif alone. */
decode_fn decode_heif;

/* One row of RGBA on a background, as three rows of R, G, B, and one of A,
 * which may be NULL. */
void decode_flatten(const uint8_t *rgba, size_t width, uint32_t background,
    uint8_t *const rgb[3], uint8_t *alpha);

#endif
