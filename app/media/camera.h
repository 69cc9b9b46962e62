/* Camera data out of EXIF: make, model, lens, focal length, aperture,
 * exposure time and ISO speed.  Nothing else is read: no place, no time, no
 * serial number, no name of an owner.
 *
 * Decoder child only; source: EXIF 2.32 sections 4.6.4 and 4.6.5.
 */
#ifndef PIXLPIX_MEDIA_CAMERA_H
#define PIXLPIX_MEDIA_CAMERA_H

#include "base/str.h"

enum {
	CAMERA_MAX = 256 /* bytes of the text with its NUL */
};

/* One line of printable ASCII, "Lumen One, Lumen 28mm f/1.9, 28 mm, f/1.9,
 * 1/125 s, ISO 200", out of a TIFF structure; what is absent or makes no
 * sense is left out, so that the text may be empty.  Ends with NUL. */
void camera_read(struct str tiff, char out[CAMERA_MAX]);

#endif
