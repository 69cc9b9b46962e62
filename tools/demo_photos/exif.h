/* The metadata that a phone writes into its photographs: an Exif block and
 * an XMP packet, as bytes of a JPEG's APP1 segments.
 *
 * Sources: Exif 2.32 (CIPA DC-008-2019) sections 4.5 and 4.6, TIFF 6.0
 * section 2, XMP part 3 section 1.1.3.
 */
#ifndef DEMO_PHOTOS_EXIF_H
#define DEMO_PHOTOS_EXIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SEGMENT_MAX = 65533
};

struct exif {
	int orientation;   /* 1 .. 8, tag 0x0112 */
	int width, height; /* as stored, pixels */
	const char *make, *model, *software, *lens;
	const char *owner, *serial;     /* camera owner's name, body number */
	const char *taken;              /* "2024:06:01 18:30:05" */
	const char *offset;             /* "+02:00" */
	int exposure_num, exposure_den; /* seconds */
	int iso;
	int f_tenths, focal_tenths; /* f-number and mm, in tenths */
	double latitude, longitude; /* degrees, north and east positive */
	double altitude;            /* metres */
	const uint8_t *thumbnail;   /* a JPEG, or NULL */
	size_t thumbnail_size;
};

/* Writes an APP1 body ("Exif\0\0" and a little-endian TIFF) to `out`, which
 * holds SEGMENT_MAX bytes.  False when it does not fit. */
bool exif_write(const struct exif *exif, uint8_t *out, size_t *size);

/* The same for an XMP packet that says the orientation, place and creator. */
bool xmp_write(const struct exif *exif, uint8_t *out, size_t *size);

#endif
