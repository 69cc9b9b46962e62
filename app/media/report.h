/* What the decoder child tells its worker, once, through its standard
 * output.  Both are of one build and one machine: the struct goes as it is.
 * The worker believes none of it without a look at the files.
 */
#ifndef PIXLPIX_MEDIA_REPORT_H
#define PIXLPIX_MEDIA_REPORT_H

#include "media/camera.h"
#include "media/cascade.h"

#define MEDIA_REPORT_MAGIC 0x5058445231303031LL

struct media_report {
	int64_t magic;
	int64_t failure; /* enum err */
	struct cascade_made made;
	int64_t has_original; /* the stripped upload is in its file */
	char camera[CAMERA_MAX];
};

/* The child's command line: address space in bytes, CPU in seconds, bytes of
 * each file, background as a number, the pictures' format (enum media_format),
 * 1 where the stripped upload is wanted, else 0; then for each picture
 * "1600:82" (edge and quality) or "320s:80" (a square).  Its descriptors: 0
 * the upload, 1 the report, 3 and up the pictures, then the stripped upload.
 */
enum {
	MEDIA_ARGUMENTS = 6,
	MEDIA_FIRST_OUT = 3
};

#endif
