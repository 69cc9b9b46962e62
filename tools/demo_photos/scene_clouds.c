/* A sea of clouds from above.
 *
 * Moods: 0 evening gold, 1 rose and blue, 2 noon.
 */
#include "scene.h"
#include "terrain.h"

struct clouds {
	float width, height, focal, horizon;
	struct v3 sun_at;
	struct rgb zenith, low, sun, shade;
	uint32_t seed;
};

/* Billows: sums of |noise| have rounded tops and sharp creases. */
static float
billow(float x, float z, int octaves, uint32_t seed)
{
	float sum = 0, weight = 0.5f;
	for (int i = 0; i < octaves; i++) {
		float n = noise2(x, z, seed + (uint32_t)i);
		sum += weight * (1 - sqrtf(n * n + 0.004f) * 1.35f);
		float turned = 1.6f * x - 1.2f * z;
		z = 1.2f * x + 1.6f * z;
		x = turned;
		weight *= 0.47f;
	}
	return 1 - sum;
}

static float
relief(const struct clouds *s, float x, float z, int octaves)
{
	float wx = x + 160 * noise2(x / 700, z / 700, s->seed + 1);
	float broad = 0.5f + 0.8f * noise2(x / 1500, z / 1500, s->seed + 2);
	float puff = billow(wx / 520, z / 520, octaves, s->seed + 10);
	float swell = billow(wx / 1300, z / 1300, 3, s->seed + 30);
	return 130 * broad + 190 * puff * (0.55f + 0.9f * swell) + 150 * swell;
}

static float
cloud_height(const void *scene, float x, float z)
{
	return relief(scene, x, z, 6);
}

/* Good enough to throw shadows. */
static float
cloud_bulk(const void *scene, float x, float z)
{
	return relief(scene, x, z, 3);
}

static struct rgb
sky_at(const struct clouds *s, float a, float e)
{
	struct rgb c =
	    rgb_mix(s->low, s->zenith, powf(clampf(e * 1.5f, 0, 1), 0.55f));
	float sun_a = s->sun_at.x / s->sun_at.z,
	      sun_e = s->sun_at.y / s->sun_at.z;
	float d = sqrtf(sqf(a - sun_a) + sqf(e - sun_e));
	c = rgb_madd(c, s->sun,
	    0.28f * expf(-d * 3) + 0.5f * expf(-d * 14) +
		9 * rise(0.034f, 0.028f, d));
	float wisp = fbm2(a * 1.2f + e, e * 9, 6, s->seed + 40);
	return rgb_mix(c, rgb_madd(s->low, s->sun, 0.10f),
	    0.4f * rise(0.05f, 0.7f, wisp) * rise(0.02f, 0.2f, e));
}

static struct rgb
cloud_colour(const void *scene, const struct hit *h)
{
	const struct clouds *s = scene;
	struct v3 n =
	    terrain_normal(cloud_height, s, h->x, h->z, 6 + h->far * 0.003f);
	float facing = v3_dot(n, s->sun_at);
	/* Light wanders round inside: soft terminator, no black. */
	float lit = rise(-0.35f, 0.85f, facing);
	lit *= 0.25f +
	       0.75f * terrain_sunlit(cloud_bulk, s, h, s->sun_at, 60, 1200);
	float high = clampf(h->y / 560, 0, 1);
	/* Thin rims against the sun glow. */
	float toward =
	    clampf(v3_unit(v3_of(h->x, 0, h->z)).z * s->sun_at.z, 0, 1);
	float rim = powf(1 - clampf(n.y, 0, 1), 2) * toward * 0.5f;
	struct rgb c = rgb_scale(s->shade, 0.45f + 0.40f * high + 0.25f * n.y);
	c = rgb_madd(
	    c, s->sun, 0.80f * lit * (0.40f + 0.60f * high) + rim * 0.3f);
	float a = (h->col - s->width * 0.5f) / s->focal;
	float air = 1 - expf(-h->far / 26000);
	return rgb_mix(c, sky_at(s, a, 0.012f), air);
}

static struct rgb
sky_shade(const void *scene, float x, float y)
{
	const struct clouds *s = scene;
	float e = (s->horizon - y) / s->focal;
	return sky_at(s, (x - s->width * 0.5f) / s->focal, e > 0 ? e : 0);
}

void
scene_clouds(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][4] = {/* zenith, low, sun, shade */
	    {0x3a66a8, 0xf6c89a, 0xffb070, 0x8a86a8},
	    {0x44589c, 0xf2b0a8, 0xff8f80, 0x7d7cb4},
	    {0x1f58b0, 0xb8d4ee, 0xfff4e4, 0x9fb6d4}};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	int mood = shot->mood % 3;
	struct clouds s = {
	    .width = (float)f->width, .height = (float)f->height};
	s.seed = rng_bits(&rng) & 0xffffff;
	s.zenith = rgb_hex(colours[mood][0]);
	s.low = rgb_hex(colours[mood][1]);
	s.sun = rgb_scale(rgb_hex(colours[mood][2]), 1.35f);
	s.shade = rgb_scale(rgb_hex(colours[mood][3]), 0.62f);
	float side = rng_pick(&rng, 2) ? 1.0f : -1.0f;
	float out = mood == 2
	                ? 0.9f
	                : rng_range(&rng, 0.15f, 0.45f) * s.width / s.height;
	s.sun_at = v3_unit(v3_of(
	    side * out, mood == 2 ? 0.8f : rng_range(&rng, 0.12f, 0.2f), 1));
	s.focal = (s.width > s.height ? s.height : s.width) * 1.05f;
	s.horizon = s.height * rng_range(&rng, 0.36f, 0.46f);
	frame_shade(&studio->picture, sky_shade, &s);
	struct terrain t = {cloud_height, cloud_colour, &s,
	    {rng_range(&rng, 0, 4000), rng_range(&rng, 1050, 1300), 0}, s.focal,
	    s.horizon, 260, 42000, 620};
	terrain_paint(&t, f);
	/* Nothing in a cloud is sharp. */
	struct frame *soft = &studio->spare[0];
	frame_shape(soft, f->width, f->height);
	frame_stretch(soft, f);
	frame_blur(soft, &studio->spare[1], s.height * 0.0016f);
	for (int y = 0; y < f->height; y++)
		for (int x = 0; x < f->width; x++)
			frame_lay(f, x, y, frame_rgb(soft, x, y), 0.75f);
	studio->look.exposure = 0.9f;
	studio->look.bloom = 0.18f;
	studio->look.vignette = 0.28f;
}
