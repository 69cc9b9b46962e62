/* Snow mountains behind a still lake.
 *
 * Moods: 0 first sun on the peaks, 1 clear day, 2 evening rose.
 */
#include "conifer.h"
#include "scene.h"
#include "terrain.h"

struct alps {
	float width, height, focal, horizon;
	struct v3 sun_at;
	struct rgb zenith, low, sun, ambient, cloud, haze;
	float peak_x;
	uint32_t seed;
};

/* Each octave halves the size of what is seen. */
static float
relief(const struct alps *s, float x, float z, int octaves)
{
	float far = rise(1500, 6500, z);
	float massif = 0.55f + 0.9f * bell(x - s->peak_x * z / 6500, 2600) +
	               0.35f * noise2(x / 2400, z / 2400, s->seed);
	float wx = x + 240 * noise2(x / 900, z / 900, s->seed + 1);
	float crag =
	    far > 0 ? ridge2(wx / 2300, z / 2300, octaves, s->seed + 2) : 0;
	float hill =
	    90 * rise(900, 2200, z) *
	    (1 + fbm2(x / 500, z / 500, octaves > 3 ? 4 : 1, s->seed + 3));
	float side =
	    rise(350, 900, fabsf(x) - z * 0.18f) * 190 * rise(400, 1500, z);
	return hill +
	       side * (0.7f + 0.6f * noise2(x / 400, z / 400, s->seed + 5)) +
	       far * massif * (crag * 2350 - 200);
}

static float
alp_height(const void *scene, float x, float z)
{
	return relief(scene, x, z, 7);
}

/* Good enough to throw shadows. */
static float
alp_bulk(const void *scene, float x, float z)
{
	return relief(scene, x, z, 3);
}

static struct rgb
rock_colour(const struct alps *s, const struct hit *h, struct v3 n)
{
	float band = noise2(h->x / 140,
	    h->y / 26 + 2 * noise2(h->x / 300, h->z / 300, s->seed + 8),
	    s->seed + 9);
	float fine = fbm2(h->x / 30, h->y / 22, 4, s->seed + 10);
	struct rgb rock =
	    rgb_scale(rgb_hex(0x6a6460), 0.75f + 0.25f * band + 0.4f * fine);
	float line = 620 + 260 * fbm2(h->x / 600, h->z / 600, 4, s->seed + 11);
	float lies = rise(0.50f, 0.72f,
			 n.y + 0.22f * fine + 0.12f * rise(900, 1900, h->y)) *
	             rise(line - 150, line + 250, h->y);
	struct rgb c = rgb_mix(rock, rgb_of(0.86f, 0.89f, 0.94f), lies);
	float wood = rise(line - 60, line - 360, h->y + 120 * fine);
	struct rgb trees = rgb_scale(rgb_hex(0x2c3c24),
	    0.55f + 0.9f * rise(-0.5f, 0.6f,
			       fbm2(h->x / 16, h->y / 14, 3, s->seed + 12)));
	return rgb_mix(c, trees, wood * rise(0.35f, 0.6f, n.y + 0.2f));
}

static struct rgb
alp_colour(const void *scene, const struct hit *h)
{
	const struct alps *s = scene;
	struct v3 n =
	    terrain_normal(alp_height, s, h->x, h->z, 6 + h->far * 0.0012f);
	struct rgb c = rock_colour(s, h, n);
	float lit = clampf(v3_dot(n, s->sun_at), 0, 1);
	if (lit > 0)
		lit *= terrain_sunlit(alp_bulk, s, h, s->sun_at, 150, 3200);
	struct rgb light =
	    rgb_madd(rgb_scale(s->ambient, 0.5f + 0.5f * n.y), s->sun, lit);
	c = rgb_mul(c, light);
	float low_mist =
	    expf(-h->y / 240) * rise(1200, 5000, h->far) *
	    (0.5f + 0.5f * fbm2(h->x / 900, h->y / 120, 4, s->seed + 15));
	float air = 1 - expf(-h->far / 21000) + 0.55f * clampf(low_mist, 0, 1);
	return rgb_mix(c, s->haze, clampf(air, 0, 1));
}

static struct rgb
sky_shade(const void *scene, float x, float y)
{
	const struct alps *s = scene;
	float a = (x - s->width * 0.5f) / s->focal,
	      e = (s->horizon - y) / s->focal;
	e = e > 0 ? e : 0;
	struct rgb c =
	    rgb_mix(s->low, s->zenith, powf(clampf(e * 1.25f, 0, 1), 0.7f));
	float k = 1 / (e + 0.25f);
	float puff =
	    fbm2(a * k * 0.8f + 0.4f * noise2(a * 3, e * 5, s->seed + 30),
		k * 1.5f, 7, s->seed + 31);
	float ahead = fbm2((a + 0.04f * s->sun_at.x) * k * 0.8f,
	    (k + 0.05f) * 1.5f, 5, s->seed + 31);
	struct rgb lit = rgb_madd(
	    s->cloud, s->sun, clampf(0.12f + 0.6f * (puff - ahead), 0, 0.45f));
	return rgb_mix(c, lit, 0.85f * rise(0.05f, 0.5f, puff));
}

static void
lake_paint(const struct alps *s, const struct frame *f)
{
	int shore = (int)s->horizon + 1;
	for (int y = shore; y < f->height; y++) {
		float below = (float)y + 0.5f - s->horizon,
		      deep = below / s->height;
		float near = s->height / below;
		for (int x = 0; x < f->width; x++) {
			float u = ((float)x - s->width * 0.5f) / below;
			float wind = rise(-0.1f, 0.5f,
			    noise2(u * 0.8f, near * 0.6f, s->seed + 40));
			float ripple = fbm2(u * 7, near * 13, 3, s->seed + 41) *
			               (0.25f + wind);
			float up = clampf(s->horizon - below * 1.02f -
					      ripple * (1.5f + below * 0.10f),
			    0, s->horizon - 1);
			struct rgb c = {0, 0, 0};
			float blur = 1 + below * 0.010f + 5 * wind * deep;
			for (int k = -2; k <= 2; k++) {
				float row = clampf(
				    up + (float)k * blur, 0, s->horizon - 1);
				c = rgb_madd(c,
				    frame_colour(f,
					(float)x + 0.5f + 6 * ripple * deep,
					row),
				    0.2f);
			}
			float graze = rise(0.55f, 0.0f, deep);
			c = rgb_scale(c, 0.42f + 0.40f * graze);
			struct rgb water =
			    rgb_mul(rgb_of(0.03f, 0.085f, 0.085f), s->ambient);
			c = rgb_add(c, rgb_scale(water, 1.2f * (1 - graze)));
			frame_lay(
			    f, x, y, rgb_madd(c, s->low, 0.04f * wind), 1);
		}
	}
}

static void
shore_trees(const struct alps *s, const struct frame *f, struct rng *rng)
{
	for (int i = 0; i < 150; i++) {
		float side = rng_range(rng, -1, 1);
		float edge = powf(fabsf(side), 2.2f);
		struct conifer tree = {.seed = rng_bits(rng) >> 8};
		tree.x = s->width * (0.5f + 0.52f * side);
		tree.foot = s->horizon + s->height * 0.004f;
		tree.tall = s->height * (0.014f + 0.10f * edge) *
		            rng_range(rng, 0.6f, 1.15f);
		tree.dark =
		    rgb_scale(rgb_mul(rgb_hex(0x1c2a1c), s->ambient), 0.55f);
		tree.light = rgb_madd(
		    tree.dark, rgb_mul(rgb_hex(0x3c4c24), s->sun), 0.18f);
		tree.mist = s->haze;
		tree.misty = 0.30f * (1 - edge);
		conifer_paint(&tree, f, 1);
	}
}

void
scene_alps(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][6] = {
	    /* zenith, low, sun, ambient, cloud, haze */
	    {0x4a78b4, 0xe8cdb4, 0xffb878, 0x7f98c0, 0xb8a8b0, 0xb4b8c8},
	    {0x2f6cb8, 0xbfd8ec, 0xfff1dc, 0x88a4cc, 0xd4dee8, 0xa9c4de},
	    {0x4d5fa4, 0xe6b0a8, 0xff8f70, 0x7c86bc, 0xa890a8, 0xa89cb8}};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	int mood = shot->mood % 3;
	const uint32_t *c = colours[mood];
	struct alps s = {.width = (float)f->width, .height = (float)f->height};
	s.seed = rng_bits(&rng) & 0xffffff;
	s.zenith = rgb_hex(c[0]);
	s.low = rgb_hex(c[1]);
	s.sun = rgb_scale(rgb_hex(c[2]), 2.1f);
	s.ambient = rgb_scale(rgb_hex(c[3]), 0.62f);
	s.cloud = rgb_hex(c[4]);
	s.haze = rgb_hex(c[5]);
	float side = rng_pick(&rng, 2) ? 1.0f : -1.0f;
	s.sun_at = v3_unit(v3_of(side, mood == 1 ? 0.75f : 0.42f, -0.35f));
	s.peak_x = rng_range(&rng, -1300, 1300);
	s.focal = (s.width > s.height ? s.height : s.width) * 1.25f;
	s.horizon = s.height * rng_range(&rng, 0.56f, 0.62f);
	frame_shade(&studio->picture, sky_shade, &s);
	struct terrain t = {alp_height, alp_colour, &s, {0, 12, 0}, s.focal,
	    s.horizon, 300, 13000, 520};
	terrain_paint(&t, f);
	shore_trees(&s, f, &rng);
	lake_paint(&s, f);
	studio->look.exposure = 0.92f;
	studio->look.bloom = 0.08f;
	studio->look.saturation = 1.12f;
	studio->look.contrast = 0.2f;
}
