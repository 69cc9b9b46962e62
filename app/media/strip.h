/* An upload without what its camera wrote about itself, its place and its
 * owner.
 *
 * Decoder child only.  The compressed pixels are copied as they are.  Of the
 * blocks round them those stay that the picture cannot be shown rightly
 * without: colour (ICC profile, gamma, Adobe's marker), transparency,
 * palette, timing of an animation, and the orientation alone of EXIF.  All
 * others go: EXIF, XMP, IPTC, comments, text, previews, pictures in makers'
 * own segments, and whatever stands behind the end.
 *
 * Sources: JPEG ITU-T T.81 annex B, PNG ISO/IEC 15948 clause 5 and 11, GIF89a
 * appendix A, RFC 9649 (WebP); for HEIC and AVIF, which are put together anew,
 * see media/heif.h.
 */
#ifndef PIXLPIX_MEDIA_STRIP_H
#define PIXLPIX_MEDIA_STRIP_H

#include "media/probe.h"

/* Whether files of that kind can be stripped. */
bool strip_knows(enum media_kind kind);

/* Writes the stripped file to `fd`.  `probe` is what media_probe_bytes said
 * of the same bytes.  ERR_INPUT where the blocks make no sense, ERR_MEMORY,
 * ERR_IO where `fd` cannot be written; what is written then is of no use. */
enum err strip_write(struct str bytes, const struct media_probe *probe, int fd);

#endif
