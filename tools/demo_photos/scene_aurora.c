/* Northern lights over a snowy wood.
 *
 * Moods: 0 green, 1 green with a purple hem, 2 green over a frozen lake.
 */
#include "conifer.h"
#include "scene.h"
#include "terrain.h"

enum {
	SHEETS = 44
};

struct aurora {
	float width, height, focal, horizon;
	struct rgb foot, middle, crown; /* of the curtains, from below */
	struct rgb shine;               /* what they throw on the snow */
	float drift, power;
	bool is_lake;
	uint32_t seed;
};

/* Curtains are thin sheets: the same winding line seen at rising heights. */
static struct rgb
curtain_at(const struct aurora *s, float a, float e)
{
	struct rgb sum = {0, 0, 0};
	for (int i = 0; i < SHEETS; i++) {
		float t = (float)i / SHEETS;
		float high = 0.62f + 0.55f * t;
		float x = a * high / (e + 0.22f), z = high / (e + 0.22f);
		float wx =
		    x + 0.55f * noise2(x * 0.9f + s->drift, z * 0.7f, s->seed);
		float line =
		    noise2(wx * 0.45f, z * 0.85f + 0.3f * wx, s->seed + 1);
		float thin = expf(-sqf(line) * 420);
		if (thin < 0.01f)
			continue;
		float rays = 0.55f + 0.7f * noise2(wx * 16, 2, s->seed + 2) +
		             0.35f * noise2(wx * 5, 7, s->seed + 4);
		float patch = rise(
		    -0.35f, 0.45f, noise2(x * 0.5f, z * 0.6f, s->seed + 3));
		float fall = expf(-t * 2.6f) * rise(0, 0.06f, t + 0.02f);
		struct rgb hue =
		    t < 0.35f
			? rgb_mix(s->foot, s->middle, t / 0.35f)
			: rgb_mix(s->middle, s->crown, (t - 0.35f) / 0.65f);
		sum = rgb_madd(
		    sum, hue, thin * clampf(rays, 0.1f, 2) * patch * fall);
	}
	return rgb_scale(sum, s->power * rise(-0.02f, 0.12f, e));
}

static void
sky_paint(const struct aurora *s, const struct frame *f)
{
	for (int y = 0; y < f->height; y++) {
		for (int x = 0; x < f->width; x++) {
			float k = s->width / (float)f->width;
			float a = (((float)x + 0.5f) * k - s->width * 0.5f) /
			          s->focal;
			float e =
			    (s->horizon - ((float)y + 0.5f) * k) / s->focal;
			struct rgb c = rgb_mix(rgb_hex(0x182c40),
			    rgb_hex(0x060b18), rise(0, 0.7f, e));
			if (e > 0)
				c = rgb_add(c, curtain_at(s, a, e));
			frame_lay(f, x, y, c, 1);
		}
	}
}

static void
stars_add(const struct aurora *s, const struct frame *f, struct rng *rng)
{
	int count = (int)(s->width * s->height / 1100.0f);
	for (int i = 0; i < count; i++) {
		float x = rng_range(rng, 0, s->width),
		      y = rng_range(rng, 0, s->horizon);
		float flux =
		    0.035f * powf(rng_range(rng, 0, 1) + 0.004f, -0.75f);
		frame_glow(f, x, y, 0.65f,
		    rgb_scale(rgb_of(0.85f, 0.95f, 1.1f), flux));
	}
}

static float
snow_height(const void *scene, float x, float z)
{
	const struct aurora *s = scene;
	float hills = 26 * rise(150, 900, z) *
	              (0.6f + noise2(x / 260, z / 300, s->seed + 20));
	float drifts = 1.1f * fbm2(x / 17, z / 12, 5, s->seed + 21);
	return hills + drifts + 9 * rise(20, -60, z);
}

static struct rgb
snow_colour(const void *scene, const struct hit *h)
{
	const struct aurora *s = scene;
	struct v3 n =
	    terrain_normal(snow_height, s, h->x, h->z, 0.2f + h->far * 0.002f);
	float crust = 0.10f * fbm2(h->x * 3, h->z * 3, 3, s->seed + 23) *
	              rise(60, 5, h->far);
	float up = clampf(n.y + 1.6f * n.z - 1.1f * n.x + crust, 0, 2);
	struct rgb c = rgb_scale(rgb_hex(0x9fb4d8), 0.010f + 0.028f * up * up);
	c = rgb_madd(c, s->shine, 0.055f * up * up);
	float spark = hash_unit(hash3((int)h->col, (int)h->row, 2, s->seed));
	if (spark > 0.997f)
		c = rgb_scale(c, 2.2f);
	/* Distant slopes are wooded and dark. */
	float wood =
	    rise(160, 420, h->far) *
	    (0.75f + 0.25f * noise2(h->x * 0.2f, h->z * 0.08f, s->seed + 24));
	c = rgb_mix(c, rgb_of(0.004f, 0.008f, 0.011f), wood * 0.85f);
	return rgb_mix(c, rgb_scale(s->shine, 0.05f), 1 - expf(-h->far / 1800));
}

static void
lake_paint(const struct aurora *s, const struct frame *f)
{
	for (int y = (int)s->horizon + 1; y < f->height; y++) {
		float below = (float)y + 0.5f - s->horizon;
		float deep = below / s->height;
		for (int x = 0; x < f->width; x++) {
			float u = ((float)x - s->width * 0.5f) / below,
			      w = s->height / below;
			float ice = fbm2(u * 5, w * 5, 4, s->seed + 30);
			float crack = rise(0.965f, 0.998f,
			    1 - fabsf(noise2(u * 2.2f + 0.2f * ice, w * 2.2f,
				    s->seed + 31)));
			float up = s->horizon - below * (1 + 0.05f * ice);
			struct rgb c =
			    rgb_scale(frame_colour(f, (float)x + 3 * ice,
					  up < 0 ? 0 : up),
				0.55f);
			c = rgb_madd(c, s->shine, 0.018f * (1 + ice));
			struct rgb white = rgb_madd(
			    rgb_of(0.03f, 0.04f, 0.06f), s->shine, 0.10f);
			c = rgb_mix(c, white,
			    0.7f * rise(0.10f, 0.5f, ice + 0.4f * deep) +
				0.5f * crack * rise(0.03f, 0.2f, deep));
			frame_lay(f, x, y, c, rise(0, 3, below));
		}
	}
}

static void
trees_paint(const struct aurora *s, const struct frame *f, struct rng *rng)
{
	int count = s->is_lake ? 190 : 120;
	for (int i = 0; i < count; i++) {
		float near = (float)i / (float)count;
		float size = s->is_lake ? 0.02f + 0.045f * near * near
		                        : 0.035f + 0.29f * powf(near, 5);
		struct conifer tree = {
		    .seed = rng_bits(rng) >> 8, .snowy = 0.75f};
		float side = rng_range(rng, -1, 1);
		/* Keep the middle open. */
		if (!s->is_lake)
			side =
			    (side < 0 ? -1.0f : 1.0f) *
			    mixf(fabsf(side), powf(fabsf(side), 0.40f), near);
		tree.x = s->width * (0.5f + 0.54f * side);
		tree.tall = s->height * size * rng_range(rng, 0.7f, 1.2f);
		tree.foot = s->horizon +
		            s->height * (s->is_lake ? 0.004f
						    : 0.01f + 0.30f * near *
								  near * near);
		tree.dark = rgb_of(0.0025f, 0.0045f, 0.006f);
		tree.light = rgb_madd(tree.dark, s->shine, 0.012f);
		tree.snow =
		    rgb_madd(rgb_of(0.020f, 0.028f, 0.042f), s->shine, 0.10f);
		conifer_paint(&tree, f, 1);
	}
}

void
scene_aurora(struct studio *studio, const struct shot *shot)
{
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	struct aurora s = {
	    .width = (float)f->width, .height = (float)f->height};
	s.seed = rng_bits(&rng) & 0xffffff;
	s.is_lake = shot->mood == 2;
	s.focal = (s.width < s.height ? s.width : s.height) * 0.95f;
	s.horizon = s.height * (s.is_lake ? 0.62f : 0.76f);
	s.drift = rng_range(&rng, 0, 50);
	s.power = 0.17f;
	s.foot = rgb_of(0.42f, 1.0f, 0.30f);
	s.middle = rgb_of(0.10f, 0.80f, 0.26f);
	s.crown = shot->mood == 1 ? rgb_of(0.85f, 0.14f, 0.62f)
	                          : rgb_of(0.20f, 0.22f, 0.50f);
	s.shine = rgb_of(0.12f, 0.42f, 0.20f);
	struct frame *small = &studio->spare[0];
	frame_shape(small, f->width / 2, f->height / 2);
	sky_paint(&s, small);
	frame_stretch(f, small);
	stars_add(&s, f, &rng);
	if (!s.is_lake) {
		struct v3 eye = {0, 0, 0};
		eye.y = snow_height(&s, 0, 6) + 3.2f;
		struct terrain t = {snow_height, snow_colour, &s, eye, s.focal,
		    s.horizon, 2.5f, 1500, 500};
		terrain_paint(&t, f);
	}
	trees_paint(&s, f, &rng);
	if (s.is_lake)
		lake_paint(&s, f);
	studio->look.exposure = 2.5f;
	studio->look.bloom = 0.10f;
	studio->look.grain = 3.6f;
	studio->look.vignette = 0.3f;
}
