/* A frame as a JPEG or WebP file.  Decoder child only.
 *
 * All overwrite the frame's samples right of its width.
 */
#ifndef PIXLPIX_MEDIA_ENCODE_H
#define PIXLPIX_MEDIA_ENCODE_H

#include "base/buf.h"
#include "media/plane.h"

/* Writes a baseline JPEG (JFIF, 4:2:0 or grey, quality 1 to 100, best
 * Huffman tables) to fd and says how many bytes; no metadata.  ERR_IO,
 * ERR_MEMORY. */
enum err encode_jpeg(struct frame *f, int quality, int fd, int64_t *bytes);

/* The same, appended to a buffer. */
enum err encode_jpeg_memory(struct frame *f, int quality, struct buf *out);

/* Writes a lossy WebP (RFC 9649; no metadata) that is as near to the frame,
 * by structural similarity, as the JPEG of that quality would be, where it
 * has at most 95 of 100 of that JPEG's bytes; else nothing: *bytes is then
 * 0.  Takes several tries, about a second for a long edge of 1600.
 *
 * A frame that is transparent keeps that, exactly, without `background`
 * (0xRRGGBB), on which it is compared with the JPEG; it is worth up to twice
 * that one's bytes, which cannot have it.  ERR_IO, ERR_MEMORY. */
enum err encode_webp(struct frame *f, int jpeg_quality, uint32_t background,
    int fd, int64_t *bytes);

#endif
