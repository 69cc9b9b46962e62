/* Test photographs as a phone's camera writes them.
 *
 * Three files of 12 megapixels, all stored as 4000 x 3000 pixels, baseline,
 * 4:2:0, quality 90:
 *
 *   camera-6.jpg   Exif orientation 6, upright 3000 x 4000
 *   camera-3.jpg   Exif orientation 3, upright 4000 x 3000
 *   camera-8.jpg   Exif orientation 8, upright 3000 x 4000
 *
 * Each carries Exif (make "Lumen", model "Lumen P9", owner "Ada Example",
 * body number "SN-4711-0815", exposure, GPS position near 48.2082 N, 16.3738 E,
 * a thumbnail) and an XMP packet with the same position and owner.
 *
 * How to tell that a picture is upright: four square paper notes lie in it.
 * Take the largest centred square of the upright picture and measure in it
 * from its top left corner, 0 .. 1.  Each note reaches 0.06 around its centre:
 *
 *   centre (0.13, 0.13)  red     sRGB about 216  38  38
 *   centre (0.87, 0.13)  green   sRGB about  40 150  70
 *   centre (0.13, 0.87)  yellow  sRGB about 240 200  40
 *   centre (0.87, 0.87)  blue    sRGB about  36  70 205
 *
 * So the full picture and a square crop of it can be checked alike.  Red and
 * blue alone tell the four turns apart; green and yellow tell mirrored
 * pictures too.  Within 0.045 of a centre every channel stays within 30 of
 * these values, also after scaling to 320 pixels.
 */
#ifndef DEMO_PHOTOS_CAMERA_H
#define DEMO_PHOTOS_CAMERA_H

#include "scene.h"

/* Pixels a studio's frames must hold for the camera's pictures. */
enum {
	CAMERA_PIXELS = 1000 * 1336
};

/* Writes the three files into the folder.  False when one could not be
 * written; the cause is on stderr. */
bool camera_write(struct studio *studio, const char *folder);

#endif
