/* A frame as a JPEG file.  Decoder child only. */
#ifndef PIXLPIX_MEDIA_ENCODE_H
#define PIXLPIX_MEDIA_ENCODE_H

#include "media/plane.h"

/* Writes a baseline JPEG (JFIF, 4:2:0 or grey, quality 1 to 100, best
 * Huffman tables) to fd and says how many bytes; no metadata.  The frame's
 * samples right of its width are overwritten.  ERR_IO, ERR_MEMORY. */
enum err encode_jpeg(struct frame *f, int quality, int fd, int64_t *bytes);

#endif
