/* How alike two pictures look.  Decoder child only. */
#ifndef PIXLPIX_MEDIA_SSIM_H
#define PIXLPIX_MEDIA_SSIM_H

#include "media/plane.h"

/* The mean structural similarity (Wang, Bovik, Sheikh, Simoncelli: Image
 * Quality Assessment, 2004; windows of 8 x 8 samples, four apart) of two
 * planes of one size; 1 where they are equal. */
double ssim_planes(const struct plane *a, const struct plane *b);

/* Of two frames of one size and count: luma has six parts of eight, each
 * chroma plane one. */
double ssim_frames(const struct frame *a, const struct frame *b);

#endif
