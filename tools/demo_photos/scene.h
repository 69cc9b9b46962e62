/* What every scene is given, and the list of them.
 *
 * A scene is a function that fills `studio->picture` (already shaped to its
 * size) with linear light and adjusts `studio->look`.  Everything follows
 * from the shot: `mood` is one of the scene's variations (its file says
 * which), the seed varies the rest.  The three spare frames are scratch.
 */
#ifndef DEMO_PHOTOS_SCENE_H
#define DEMO_PHOTOS_SCENE_H

#include "develop.h"
#include "frame.h"
#include "noise.h"

struct studio {
	struct frame picture;
	struct frame spare[3];
	struct look look;
};

struct shot {
	uint32_t seed;
	int mood;
};

typedef void scene_fn(struct studio *studio, const struct shot *shot);

scene_fn scene_alps, scene_arcade, scene_aurora, scene_beach, scene_latte,
    scene_person, scene_pool, scene_citrus, scene_clouds, scene_pines,
    scene_birches, scene_dahlia, scene_desert, scene_field, scene_milkyway,
    scene_mountains, scene_raindrops, scene_sea, scene_skyline;

#endif
