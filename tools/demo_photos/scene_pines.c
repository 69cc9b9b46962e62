/* A wood of conifers in the fog.
 *
 * Moods: 0 cold green, 1 warm dawn, 2 grey winter with snow.
 */
#include "conifer.h"
#include "scene.h"

enum {
	LAYERS = 7
};

struct pines {
	float width, height;
	struct rgb sky, mist, dark, light, snow;
	float snowy;
	uint32_t seed;
};

static struct rgb
fog_shade(const void *scene, float x, float y)
{
	const struct pines *s = scene;
	float u = x / s->height, v = y / s->height;
	float n = fbm2(u * 1.2f, v * 2.6f, 5, s->seed);
	struct rgb c = rgb_mix(s->sky, s->mist, rise(0, 0.7f, v + 0.15f * n));
	return rgb_scale(c, 1 + 0.10f * n);
}

/* The slope each layer stands on, as a share of the height. */
static float
slope_at(const struct pines *s, int layer, float u)
{
	float t = (float)layer / (LAYERS - 1);
	float base = mixf(0.40f, 1.08f, powf(t, 1.1f));
	float tilt = noise2((float)layer * 1.7f, 3, s->seed + 1) * 0.30f;
	return base + tilt * (u - 0.7f) +
	       0.07f * noise2(u * 1.3f, (float)layer * 4, s->seed + 2);
}

static void
layer_paint(
    const struct pines *s, const struct frame *f, struct rng *rng, int layer)
{
	float t = (float)layer / (LAYERS - 1);
	float air = 0.90f * powf(1 - t, 0.85f);
	float tall = mixf(0.075f, 0.46f, powf(t, 1.5f));
	float step = tall * 0.085f;
	float wide = s->width / s->height;
	for (float u = -0.1f; u < wide + 0.1f;
	     u += step * rng_range(rng, 0.5f, 1.6f)) {
		float gap = noise2(u * 2.2f, (float)layer * 3, s->seed + 5);
		if (t > 0.5f && gap < -0.15f)
			continue;
		struct conifer tree = {
		    .seed = rng_bits(rng) >> 8, .snowy = s->snowy};
		tree.x = u * s->height;
		tree.tall = tall * s->height * rng_range(rng, 0.55f, 1.15f);
		tree.foot = (slope_at(s, layer, u) + 0.02f) * s->height;
		tree.mist = s->mist;
		tree.dark = rgb_mix(s->dark, s->mist, air);
		tree.light = rgb_mix(s->light, s->mist, air);
		tree.snow = rgb_mix(s->snow, s->mist, air);
		tree.misty = 0.55f * (1 - t) + 0.12f;
		conifer_paint(&tree, f, 1);
	}
}

/* The wood between this layer's trees and the foot of the picture. */
static void
floor_paint(const struct pines *s, const struct frame *f, int layer)
{
	float t = (float)layer / (LAYERS - 1);
	float air = 0.90f * powf(1 - t, 0.85f);
	for (int x = 0; x < f->width; x++) {
		float u = (float)x / s->height;
		float row = slope_at(s, layer, u) * s->height;
		for (int y = row > 0 ? (int)row : 0; y < f->height; y++) {
			float v = (float)y / s->height;
			float below = ((float)y - row) / s->height;
			float n = fbm2(u * 30, v * 34, 3, s->seed + 11);
			struct rgb c =
			    rgb_mix(s->dark, s->light, clampf(0.4f + n, 0, 1));
			c = rgb_mix(c, s->snow, s->snowy * 0.7f);
			c = rgb_mix(c, s->mist, clampf(air + 0.25f, 0, 1));
			frame_lay(f, x, y, c, rise(-0.01f, 0.05f, below));
		}
	}
}

/* Banks of fog in front of a layer. */
static void
bank_paint(const struct pines *s, const struct frame *f, int layer)
{
	float t = (float)layer / (LAYERS - 1);
	uint32_t seed = s->seed + 60u + (uint32_t)layer;
	for (int y = 0; y < f->height; y++) {
		float v = (float)y / s->height;
		for (int x = 0; x < f->width; x++) {
			float u = (float)x / s->height;
			float below = v - slope_at(s, layer, u);
			float n = fbm2(u * 1.5f + 0.3f * v, v * 4.2f, 4, seed);
			float thick =
			    rise(-0.10f - 0.12f * t, 0.10f, below + 0.16f * n);
			thick *= 0.80f * (1 - 0.75f * t);
			frame_lay(
			    f, x, y, rgb_scale(s->mist, 1 + 0.06f * n), thick);
		}
	}
}

void
scene_pines(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][4] = {/* sky, mist, dark, light */
	    {0xc9d3d2, 0xa9b9b8, 0x0c1b1a, 0x24403a},
	    {0xf3d7ae, 0xdcb892, 0x1a1a18, 0x4a4630},
	    {0xd4dae2, 0xbac3cf, 0x141c24, 0x2e3c44}};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	int mood = shot->mood % 3;
	struct pines s = {.width = (float)f->width, .height = (float)f->height};
	s.seed = rng_bits(&rng) & 0xffffff;
	s.sky = rgb_hex(colours[mood][0]);
	s.mist = rgb_hex(colours[mood][1]);
	s.dark = rgb_scale(rgb_hex(colours[mood][2]), 0.7f);
	s.light = rgb_hex(colours[mood][3]);
	s.snow = rgb_scale(rgb_hex(0xdfe8f4), 0.75f);
	s.snowy = mood == 2 ? 0.8f : 0;
	frame_shade(&studio->picture, fog_shade, &s);
	for (int i = 0; i < LAYERS; i++) {
		layer_paint(&s, f, &rng, i);
		floor_paint(&s, f, i);
		if (i < LAYERS - 1)
			bank_paint(&s, f, i);
	}
	studio->look.exposure = 0.85f;
	studio->look.bloom = 0.12f;
	studio->look.grain = 3.2f;
	studio->look.vignette = 0.35f;
	studio->look.shade_tint =
	    mood == 1 ? rgb_of(1.03f, 1, 0.95f) : rgb_of(0.95f, 1.0f, 1.03f);
}
