/* Writes JPEG files through libjpeg. */
#ifndef DEMO_PHOTOS_JPEG_H
#define DEMO_PHOTOS_JPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An application segment; up to 65,533 bytes. */
struct segment {
	int app; /* 1 for APP1 */
	const uint8_t *bytes;
	size_t size;
};

struct jpeg {
	const uint8_t *rgb; /* width * height * 3 bytes, rows from the top */
	int width, height;
	int quality;  /* 1 .. 100 */
	bool is_exif; /* leaves out the JFIF segment, as cameras do */
	const struct segment *segments;
	size_t segment_count;
};

/* Baseline, 4:2:0.  False when the file could not be written; the cause is
 * on stderr. */
bool jpeg_write(const struct jpeg *jpeg, const char *path);

/* The same into memory; `*bytes` is freed by the caller with free(). */
bool jpeg_pack(const struct jpeg *jpeg, uint8_t **bytes, size_t *size);

#endif
