/* The demo site's pictures: which scene, how it is cut, and what its author
 * wrote beside it. */
#ifndef DEMO_PHOTOS_CATALOG_H
#define DEMO_PHOTOS_CATALOG_H

#include "scene.h"

enum cut {
	CUT_4_3,
	CUT_3_2,
	CUT_1_1,
	CUT_9_16, /* portrait */
	CUT_2_3,  /* portrait */
	CUT_3_4,  /* portrait */
	CUT_16_9,
	CUT_21_9 /* panorama */
};

struct work {
	scene_fn *scene;
	int mood;
	enum cut cut;
	const char *caption; /* with #hashtags */
	const char *alt;     /* what the picture shows */
};

extern const struct work catalog[];
extern const size_t catalog_count;

/* Profile pictures: square, small; caption and alt are not used. */
extern const struct work portraits[];
extern const size_t portrait_count;

/* The size of a cut, pixels. */
void cut_size(enum cut cut, int *width, int *height);

#endif
