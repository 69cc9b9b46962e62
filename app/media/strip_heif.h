/* HEIC's and AVIF's part of media/strip.h, which calls it. */
#ifndef PIXLPIX_MEDIA_STRIP_HEIF_H
#define PIXLPIX_MEDIA_STRIP_HEIF_H

#include "media/probe.h"

/* Takes the next bytes of the stripped file. */
typedef void strip_heif_sink(void *user, struct str bytes);

/* ERR_INPUT where the file makes no sense or moves; ERR_MEMORY.  Nothing has
 * been given to the sink then. */
enum err strip_heif(struct str bytes, const struct media_probe *probe,
    strip_heif_sink *sink, void *user);

#endif
