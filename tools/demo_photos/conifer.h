/* A conifer, painted from its outline inwards. */
#ifndef DEMO_PHOTOS_CONIFER_H
#define DEMO_PHOTOS_CONIFER_H

#include "frame.h"

struct conifer {
	float x, foot;          /* where it stands, pixels */
	float tall;             /* pixels */
	struct rgb dark, light; /* needles in shade and lit */
	struct rgb snow;
	float snowy;     /* share of the branches under snow, 0 .. 1 */
	struct rgb mist; /* what its foot fades into ... */
	float misty;     /* ... by this much, 0 .. 1 */
	uint32_t seed;
};

/* `cover` below 1 lets what is behind show through. */
void conifer_paint(
    const struct conifer *tree, const struct frame *frame, float cover);

#endif
