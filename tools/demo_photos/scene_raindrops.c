/* Drops on a window at night, the street's lights out of focus behind.
 *
 * Moods: 0 amber street, 1 teal and pink neon, 2 grey rainy day, green trees.
 */
#include "scene.h"

enum {
	DROPS_MAX = 2600
};

struct drop {
	float x, y, radius, tall;
	uint32_t hash;
};

static void
lights_add(const struct frame *f, int mood, struct rng *rng)
{
	static const uint32_t colours[3][6] = {
	    {0xffb35a, 0xff8a2b, 0xffd9a0, 0xff3b20, 0xfff0d8, 0x7fb8ff},
	    {0xff3d9a, 0x21d4d9, 0x7a5cff, 0xffa24d, 0x3d8bff, 0xff5d5d},
	    {0x9fc27a, 0xd8e6c0, 0x7fa868, 0xeaf2e0, 0xc8d8d0, 0xb8cc80}};
	float w = (float)f->width, h = (float)f->height;
	float unit = sqrtf(w * h);
	int count = mood == 2 ? 170 : 64;
	for (int i = 0; i < count; i++) {
		float x = rng_range(rng, -0.05f, 1.05f) * w;
		/* Lights gather along the street, a little below the middle. */
		float y = h * (0.56f + 0.17f * rng_normal(rng));
		if (mood == 2)
			y = h * rng_range(rng, -0.1f, 0.8f);
		float radius = unit * rng_range(rng, 0.022f, 0.046f);
		float power = mood == 2 ? rng_range(rng, 0.02f, 0.16f)
		                        : 0.10f * expf(1.15f * rng_normal(rng));
		power = power > 1.6f ? 1.6f : power;
		struct rgb c = rgb_hex(colours[mood][rng_pick(rng, 6)]);
		frame_light(f, x, y, radius, rgb_scale(c, power));
		if (mood != 2 && i % 3 == 0) /* wet asphalt answers */
			for (int k = 1; k < 5; k++)
				frame_light(f, x,
				    y + (float)k * radius * 1.25f + 0.14f * h,
				    radius,
				    rgb_scale(c, power * 0.17f / (float)k));
	}
}

static struct rgb
street_shade(const void *scene, float x, float y)
{
	const struct studio *studio = scene;
	const struct frame *f = &studio->spare[0];
	float v = y / (float)f->height, u = x / (float)f->height;
	float block = fbm2(u * 2.2f, 0.3f, 2, 77);
	struct rgb sky =
	    rgb_mix(rgb_hex(0x1a2540), rgb_hex(0x3a3040), rise(0, 0.5f, v));
	struct rgb wall = rgb_hex(0x0d1018);
	struct rgb c =
	    rgb_mix(sky, wall, rise(-0.03f, 0.03f, v - 0.32f + 0.25f * block));
	return rgb_scale(
	    rgb_mix(c, rgb_hex(0x151822), rise(0.68f, 0.75f, v)), 0.7f);
}

static struct rgb
garden_shade(const void *scene, float x, float y)
{
	const struct studio *studio = scene;
	const struct frame *f = &studio->spare[0];
	float v = y / (float)f->height, u = x / (float)f->height;
	float leaf = fbm2(u * 2.5f, v * 2.5f, 4, 99);
	struct rgb tree = rgb_mix(
	    rgb_hex(0x22361f), rgb_hex(0x7f9a55), rise(-0.4f, 0.6f, leaf));
	struct rgb sky = rgb_hex(0xc9d6d8);
	return rgb_mix(sky, tree, rise(-0.08f, 0.10f, v - 0.28f + 0.5f * leaf));
}

static void
drop_paint(
    const struct frame *f, const struct frame *behind, const struct drop *d)
{
	float kx = (float)behind->width / (float)f->width;
	float reach = d->radius * 1.25f, tall = d->radius * d->tall * 1.3f;
	int x0 = (int)(d->x - reach), x1 = (int)(d->x + reach) + 1;
	int y0 = (int)(d->y - tall), y1 = (int)(d->y + tall) + 1;
	for (int y = y0 < 0 ? 0 : y0; y < y1 && y < f->height; y++) {
		for (int x = x0 < 0 ? 0 : x0; x < x1 && x < f->width; x++) {
			float u = ((float)x + 0.5f - d->x) / d->radius;
			float v =
			    ((float)y + 0.5f - d->y) / (d->radius * d->tall);
			float wobble =
			    1 + 0.16f * noise2(u * 1.1f, v * 1.1f, d->hash);
			/* A hanging drop is fuller at its foot. */
			float r =
			    sqrtf(sqf(u * (1 - 0.14f * v * (d->tall - 0.9f))) +
				  v * v) /
			    wobble;
			float cover = clampf((1 - r) * d->radius + 0.5f, 0, 1);
			if (cover <= 0)
				continue;
			/* A lens: the world upside down, stretched at the rim.
			 */
			float bend = 0.55f + 0.9f * powf(r, 4.0f);
			float span = (float)f->height * 0.42f;
			struct rgb c =
			    frame_colour(behind, (d->x - u * bend * span) * kx,
				(d->y - v * bend * span * 0.9f) * kx);
			float rim = rise(0.62f, 1.0f, r);
			float below = 0.5f + 0.5f * v;
			c = rgb_scale(
			    c, 1.25f * (1 - rim * (0.9f - 0.45f * below)));
			c = rgb_madd(c, rgb_of(1, 1, 1),
			    0.35f * bell(u + 0.34f, 0.17f) *
				bell(v + 0.42f, 0.12f));
			float *p = frame_at(f, x, y);
			struct rgb was = {p[0], p[1], p[2]};
			frame_lay(f, x, y, rgb_madd(c, was, 0.06f), cover);
		}
	}
}

static int
drops_make(struct drop *drops, float w, float h, struct rng *rng)
{
	int count = 0;
	float unit = sqrtf(w * h);
	while (count < 1700) { /* mist of small ones */
		float r =
		    unit * (0.0007f + 0.0022f * powf(rng_range(rng, 0, 1), 3));
		drops[count++] =
		    (struct drop){rng_range(rng, 0, w), rng_range(rng, 0, h), r,
			rng_range(rng, 0.9f, 1.15f), rng_bits(rng)};
	}
	int tries = 0;
	while (count < DROPS_MAX - 400 && tries++ < 4000) {
		float r = unit *
		          (0.0035f + 0.020f * powf(rng_range(rng, 0, 1), 3.5f));
		struct drop d = {rng_range(rng, 0, w), rng_range(rng, 0, h), r,
		    rng_range(rng, 0.95f, 1.3f), rng_bits(rng)};
		bool is_free = true;
		for (int i = 1700; i < count && is_free; i++)
			is_free = hypotf(drops[i].x - d.x, drops[i].y - d.y) >
			          (drops[i].radius + r) * 1.12f;
		if (is_free)
			drops[count++] = d;
	}
	/* Some have run down and left a string of beads. */
	for (int run = 0; run < 9; run++) {
		float x = rng_range(rng, 0.03f, 0.97f) * w,
		      y = rng_range(rng, -0.1f, 0.4f) * h;
		float end = y + rng_range(rng, 0.2f, 0.6f) * h;
		while (y < end && count < DROPS_MAX - 1) {
			float r = unit * rng_range(rng, 0.0008f, 0.0038f);
			x += 0.25f * r * rng_normal(rng);
			drops[count++] = (struct drop){
			    x, y, r, rng_range(rng, 1, 1.8f), rng_bits(rng)};
			y += r * rng_range(rng, 2.6f, 7);
		}
		if (count < DROPS_MAX)
			drops[count++] = (struct drop){x, end,
			    unit * rng_range(rng, 0.010f, 0.016f), 1.45f,
			    rng_bits(rng)};
	}
	return count;
}

void
scene_raindrops(struct studio *studio, const struct shot *shot)
{
	static struct drop drops[DROPS_MAX];
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	int mood = shot->mood % 3;
	struct frame *behind = &studio->spare[0];
	frame_shape(behind, f->width / 2, f->height / 2);
	frame_shade(behind, mood == 2 ? garden_shade : street_shade, studio);
	frame_blur(behind, &studio->spare[1], 14);
	lights_add(behind, mood, &rng);
	frame_blur(behind, &studio->spare[1], 1.5f);
	frame_stretch(f, behind);
	/* Breath on the glass: a little grey, unevenly. */
	uint32_t seed = rng_bits(&rng);
	for (int y = 0; y < f->height; y++) {
		for (int x = 0; x < f->width; x++) {
			float k =
			    fbm2((float)x / 300.0f, (float)y / 300.0f, 4, seed);
			float fine =
			    noise2((float)x / 2.7f, (float)y / 2.7f, seed + 9);
			float *p = frame_at(f, x, y);
			for (int i = 0; i < 3; i++)
				p[i] = p[i] * (1 - 0.04f * fine) +
				       0.010f * (1 + k);
		}
	}
	int count = drops_make(drops, (float)f->width, (float)f->height, &rng);
	for (int i = 0; i < count; i++)
		drop_paint(f, behind, &drops[i]);
	studio->look.exposure = mood == 2 ? 1.0f : 2.0f;
	studio->look.bloom = 0.10f;
	studio->look.vignette = 0.35f;
	studio->look.saturation = 1.12f;
}
