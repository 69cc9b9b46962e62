/* Landscapes seen by a level camera: a ground given as height over (x, z).
 *
 * Each column of the picture is one walk outwards over the ground, from near
 * to far; verticals stay vertical, as with a shift lens.
 */
#ifndef DEMO_PHOTOS_TERRAIN_H
#define DEMO_PHOTOS_TERRAIN_H

#include "frame.h"

struct hit {
	float x, y, z;  /* metres; y is up */
	float far;      /* distance from the camera over the ground, metres */
	float col, row; /* in the picture, pixels */
};

typedef float height_fn(const void *scene, float x, float z);

typedef struct rgb ground_fn(const void *scene, const struct hit *hit);

struct terrain {
	height_fn *height;
	ground_fn *colour;
	const void *scene;
	struct v3 eye;     /* metres */
	float focal;       /* pixels */
	float horizon;     /* row of the horizon, pixels from the top */
	float near, reach; /* metres */
	int steps;         /* from near to reach, each a fixed factor longer */
};

/* Paints the ground over what is in the frame, looking along +z. */
void terrain_paint(const struct terrain *terrain, const struct frame *frame);

/* The unit normal, from differences over `span` metres. */
struct v3 terrain_normal(
    height_fn *height, const void *scene, float x, float z, float span);

/* 1 in the sun .. 0 in shadow, with a soft edge; `sun` is a unit vector
 * towards it.  Looks up to `reach` metres away. */
float terrain_sunlit(height_fn *height, const void *scene,
    const struct hit *hit, struct v3 sun, float first, float reach);

#endif
