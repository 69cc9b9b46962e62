/* One dahlia's head from near, most of it out of focus.
 *
 * Moods: 0 coral, 1 plum, 2 cream, 3 yellow.
 */
#include "scene.h"

enum {
	PETALS = 150
};

struct petal {
	float angle, root, length, width; /* radians; pixels */
	float age; /* 0 the outermost .. 1 the innermost */
	uint32_t hash;
};

struct flower {
	float x, y, radius, squash;
	struct rgb base, tip, deep;
	uint32_t seed;
};

static void
garden_paint(const struct frame *f, struct rng *rng, uint32_t seed)
{
	static const uint32_t light[] = {
	    0x7d9a4a, 0xa9b86a, 0xd6d89a, 0x5f8040, 0xc8a860, 0xe0c0b0};
	for (int y = 0; y < f->height; y++) {
		for (int x = 0; x < f->width; x++) {
			float u = (float)x / (float)f->height,
			      v = (float)y / (float)f->height;
			float n = fbm2(u * 1.8f, v * 1.8f, 3, seed);
			struct rgb c =
			    rgb_mix(rgb_hex(0x0e1a10), rgb_hex(0x40582c),
				rise(-0.5f, 0.6f, n + 0.25f - 0.5f * v));
			frame_lay(f, x, y, c, 1);
		}
	}
	for (int i = 0; i < 70; i++) {
		struct rgb c = rgb_hex(light[rng_pick(rng, 6)]);
		float power = 0.05f * expf(0.9f * rng_normal(rng));
		frame_light(f, rng_range(rng, 0, (float)f->width),
		    rng_range(rng, -0.1f, 0.9f) * (float)f->height,
		    (float)f->height * rng_range(rng, 0.03f, 0.085f),
		    rgb_scale(c, power > 0.3f ? 0.3f : power));
	}
}

/* How wide a petal is at u along it, 0 .. 1, as a share of its width. */
static float
petal_width(float u)
{
	if (u <= 0 || u >= 1)
		return 0;
	return powf(sinf(3.1416f * powf(u, 0.72f)), 0.75f) *
	       (0.55f + 0.55f * u);
}

static struct rgb
petal_colour(const struct flower *w, const struct petal *p, float u, float v)
{
	/* Like a gutter: the middle lies deep, the edges curl to the light. */
	float cup = 0.55f + 0.50f * v * v + 0.20f * v * sinf(p->angle + 0.8f);
	float vein = noise2(v * 7 + (float)(p->hash & 63), u * 1.4f, p->hash);
	float fine = noise2(v * 21, u * 3.0f, p->hash + 1);
	struct rgb c = rgb_mix(w->base, w->tip, rise(0.25f, 1.05f, u));
	c = rgb_mix(c, w->deep, 0.55f * rise(0.75f, 0.05f, u));
	float light =
	    cup * (0.60f + 0.55f * u) * (1 + 0.13f * vein + 0.07f * fine);
	/* The tip turns up and shines through. */
	light += 0.22f * rise(0.72f, 1.0f, u) * (1 - 0.6f * v * v);
	light -= 0.25f * bell(v, 0.10f) * (1 - u);
	float toward = 0.82f + 0.30f * sinf(p->angle - 2.2f + 3.1416f);
	return rgb_scale(c, clampf(light, 0.03f, 3) * toward *
				(0.88f + 0.24f * hash_unit(p->hash)));
}

static void
petal_paint(
    const struct flower *w, const struct frame *f, const struct petal *p)
{
	float dc = cosf(p->angle), ds = sinf(p->angle);
	float end = p->root + p->length + p->width;
	int x0 = (int)(w->x - end) - 2, x1 = (int)(w->x + end) + 2;
	int y0 = (int)(w->y - end) - 2, y1 = (int)(w->y + end) + 2;
	float shadow = p->width * 0.5f;
	for (int y = y0 < 0 ? 0 : y0; y < y1 && y < f->height; y++) {
		for (int x = x0 < 0 ? 0 : x0; x < x1 && x < f->width; x++) {
			float px = (float)x + 0.5f - w->x,
			      py = ((float)y + 0.5f - w->y) / w->squash;
			float along = px * dc + py * ds - p->root;
			float across = py * dc - px * ds;
			if (along < -shadow || along > p->length + shadow ||
			    fabsf(across) > p->width + shadow)
				continue;
			float u = along / p->length;
			float half = p->width * petal_width(u) *
			             (1 + 0.05f * noise2(u * 5, 0, p->hash));
			float out = fabsf(across) - half;
			if (u > 0.98f)
				out =
				    hypotf(across, along - 0.98f * p->length) -
				    1;
			float *q = frame_at(f, x, y);
			float dark = out > 0 ? 0.30f * rise(shadow, 0, out) *
			                           rise(-0.1f, 0.25f, u)
			                     : 0;
			for (int i = 0; i < 3; i++)
				q[i] *= 1 - dark;
			float cover = clampf(0.5f - out, 0, 1);
			if (cover > 0 && half > 0.5f)
				frame_lay(f, x, y,
				    petal_colour(w, p, u, across / half),
				    cover);
		}
	}
}

/* Mixes the sharp flower with blurred ones by distance from the focus. */
static void
focus_mix(const struct flower *w, const struct frame *f,
    const struct frame *soft, const struct frame *softer)
{
	float kx = (float)soft->width / (float)f->width;
	for (int y = 0; y < f->height; y++) {
		for (int x = 0; x < f->width; x++) {
			float u = ((float)x - w->x) / w->radius,
			      v = ((float)y - w->y) / (w->radius * w->squash);
			float away = sqrtf(u * u + sqf(v - 0.18f));
			struct rgb a =
			    frame_colour(soft, (float)x * kx, (float)y * kx);
			struct rgb b =
			    frame_colour(softer, (float)x * kx, (float)y * kx);
			frame_lay(f, x, y, a, rise(0.30f, 0.62f, away));
			frame_lay(f, x, y, b, rise(0.62f, 1.02f, away));
		}
	}
}

void
scene_dahlia(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][3] = {/* base, tip, deep */
	    {0xe8604c, 0xf8b090, 0x8a1c24}, {0x8a2a6a, 0xd888b8, 0x3c0c34},
	    {0xf0d8b8, 0xfaf0e2, 0xb87a5c}, {0xf0b428, 0xfbe08a, 0xa8500c}};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	int mood = shot->mood & 3;
	struct flower w = {.seed = rng_bits(&rng)};
	float unit = f->width < f->height ? (float)f->width : (float)f->height;
	w.x = (float)f->width * rng_range(&rng, 0.40f, 0.60f);
	w.y = (float)f->height * rng_range(&rng, 0.46f, 0.58f);
	w.radius = unit * rng_range(&rng, 0.48f, 0.62f);
	w.squash = rng_range(&rng, 0.86f, 0.97f);
	w.base = rgb_hex(colours[mood][0]);
	w.tip = rgb_hex(colours[mood][1]);
	w.deep = rgb_hex(colours[mood][2]);
	struct frame *small = &studio->spare[0];
	frame_shape(small, f->width / 4, f->height / 4);
	garden_paint(small, &rng, w.seed);
	frame_blur(small, &studio->spare[1], 2);
	frame_stretch(f, small);
	for (int i = 0; i < PETALS; i++) {
		float age = (float)i / (PETALS - 1);
		float out = powf(1 - age, 0.62f);
		struct petal p = {.age = age, .hash = rng_bits(&rng)};
		p.angle = fract((float)i * 0.381966f) * TAU +
		          0.06f * rng_normal(&rng);
		p.length = w.radius * (0.10f + 0.48f * out) *
		           (1 + 0.05f * rng_normal(&rng));
		p.root = w.radius * out * 0.46f - p.length * 0.12f;
		p.width = w.radius * (0.030f + 0.085f * out);
		petal_paint(&w, f, &p);
	}
	struct frame *soft = &studio->spare[0], *softer = &studio->spare[1];
	frame_shape(soft, f->width / 2, f->height / 2);
	frame_shape(softer, f->width / 2, f->height / 2);
	frame_stretch(soft, f);
	frame_defocus(soft, &studio->spare[2], unit * 0.0032f);
	frame_stretch(softer, soft);
	frame_defocus(softer, &studio->spare[2], unit * 0.010f);
	focus_mix(&w, f, soft, softer);
	studio->look.exposure = 1.05f;
	studio->look.bloom = 0.07f;
	studio->look.vignette = 0.45f;
	studio->look.saturation = 1.1f;
}
