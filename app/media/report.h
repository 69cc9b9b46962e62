/* What the decoder child tells its worker, once, through its standard
 * output.  Both are of one build and one machine: the struct goes as it is.
 * The worker believes none of it without a look at the files.
 */
#ifndef PIXLPIX_MEDIA_REPORT_H
#define PIXLPIX_MEDIA_REPORT_H

#include "media/cascade.h"

#define MEDIA_REPORT_MAGIC 0x5058445231303030LL

struct media_report {
	int64_t magic;
	int64_t failure; /* enum err */
	struct cascade_made made;
};

/* The child's command line: address space in bytes, CPU in seconds, bytes of
 * each file, background as a number, then for each picture "1600:82" (edge
 * and quality) or "320s:80" (a square).  Its descriptors: 0 the upload, 1 the
 * report, 3 and up the pictures. */
enum {
	MEDIA_ARGUMENTS = 4,
	MEDIA_FIRST_OUT = 3
};

#endif
