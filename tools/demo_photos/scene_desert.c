/* Dunes with the sun low at one side.
 *
 * Moods: 0 golden evening, 1 rose morning, 2 hard white light and deep sky.
 */
#include "scene.h"
#include "terrain.h"

struct desert {
	struct rgb zenith, low, sun, ambient, sand;
	struct v3 sun_at; /* unit vector */
	float tall;       /* metres */
	uint32_t seed;
};

static float
dune_height(const void *scene, float x, float z)
{
	const struct desert *d = scene;
	float wx = x + 38 * noise2(x / 170, z / 170, d->seed + 1);
	float wz = z + 30 * noise2(x / 210, z / 140, d->seed + 2);
	float n = noise2(wx / 150, wz / 95, d->seed + 3);
	float big = 1 - sqrtf(n * n + 0.0006f);
	float m = noise2(wx / 62, wz / 47, d->seed + 4);
	float small = 1 - sqrtf(m * m + 0.0015f);
	float broad = noise2(x / 480, z / 480, d->seed + 5);
	return d->tall *
	       (powf(clampf(big, 0.01f, 1), 2.6f) * (0.75f + 0.5f * broad) +
		   0.16f * small * small * clampf(big, 0, 1) + 0.3f * broad);
}

static struct rgb
sky_at(const struct desert *d, float e, float a)
{
	struct rgb c =
	    rgb_mix(d->low, d->zenith, powf(clampf(e * 1.35f, 0, 1), 0.6f));
	float glow = expf(-fabsf(a - d->sun_at.x / 0.7f) * 1.2f - e * 4);
	return rgb_madd(c, d->sun, 0.16f * glow);
}

static struct rgb
dune_colour(const void *scene, const struct hit *h)
{
	const struct desert *d = scene;
	struct v3 n =
	    terrain_normal(dune_height, d, h->x, h->z, 0.25f + h->far * 0.002f);
	/* Wind ripples, across the slope and only where a pixel can hold them.
	 */
	float ripples = rise(60, 8, h->far) * rise(0.80f, 0.93f, n.y);
	float warp = 0.7f * fbm2(h->x * 0.5f, h->z * 0.5f, 3, d->seed + 7);
	float phase = (h->x * 0.72f + h->z * 0.55f) * 3.4f + warp * 3.2f;
	float slope = cosf(phase) + 0.35f * cosf(2.0f * phase + 0.9f);
	n = v3_unit(v3_of(
	    n.x - ripples * 0.24f * slope, n.y, n.z - ripples * 0.18f * slope));
	float fine =
	    fbm2(h->x * 9, h->z * 9, 2, d->seed + 8) * rise(40, 5, h->far);
	float lit = clampf(v3_dot(n, d->sun_at), 0, 1);
	if (lit > 0)
		lit *= terrain_sunlit(dune_height, d, h, d->sun_at, 1.5f, 160);
	float patch = 1 + 0.10f * fbm2(h->x / 30, h->z / 30, 3, d->seed + 9) +
	              0.10f * fine;
	float speck = hash_unit(hash3((int)h->col, (int)h->row, 5, d->seed));
	struct rgb sand = rgb_scale(d->sand, patch * (0.94f + 0.12f * speck));
	struct rgb light =
	    rgb_madd(rgb_scale(d->ambient, 0.55f + 0.45f * n.y), d->sun, lit);
	/* Lit sand lights the shadows near it. */
	light = rgb_madd(light, rgb_mul(d->sun, d->sand), 0.10f);
	struct rgb c = rgb_mul(sand, light);
	float air = 1 - expf(-h->far / 1500);
	return rgb_mix(c, rgb_mix(d->low, d->sun, 0.08f), air);
}

static struct rgb
sky_shade(const struct desert *d, const struct frame *f, int x, int y,
    float horizon, float focal)
{
	float e = (horizon - (float)y) / focal;
	float a = ((float)x - (float)f->width * 0.5f) / focal;
	struct rgb c = sky_at(d, e < 0 ? 0 : e, a);
	float wisp = fbm2(a * 2 + e, e * 14 + a * 1.5f, 5, d->seed + 12);
	return rgb_mix(c, rgb_madd(d->low, d->sun, 0.1f),
	    0.35f * rise(0.1f, 0.7f, wisp) * rise(0, 0.2f, e));
}

void
scene_desert(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][5] = {
	    /* zenith, low, sun, ambient, sand */
	    {0x5f8fc0, 0xf0c890, 0xffa85c, 0x7088b0, 0xe0a468},
	    {0x7d90c8, 0xf4bfae, 0xff9a7c, 0x7a80b8, 0xdca07c},
	    {0x2f66b0, 0xb9d0e0, 0xfff0d8, 0x6a90c8, 0xdfb078}};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	int mood = shot->mood % 3;
	struct desert d = {.seed = rng_bits(&rng) & 0xffffff};
	d.zenith = rgb_scale(rgb_hex(colours[mood][0]), 0.9f);
	d.low = rgb_hex(colours[mood][1]);
	d.sun = rgb_scale(rgb_hex(colours[mood][2]), 2.3f);
	d.ambient = rgb_scale(rgb_hex(colours[mood][3]), 0.55f);
	d.sand = rgb_hex(colours[mood][4]);
	float side = rng_pick(&rng, 2) ? 1.0f : -1.0f;
	d.sun_at = v3_unit(
	    v3_of(side, mood == 2 ? 0.5f : rng_range(&rng, 0.20f, 0.32f),
		rng_range(&rng, 0.1f, 0.45f)));
	d.tall = rng_range(&rng, 26, 36);
	float horizon = (float)f->height * rng_range(&rng, 0.30f, 0.40f);
	float focal = (float)f->height * rng_range(&rng, 1.1f, 1.5f);
	for (int y = 0; y < f->height; y++)
		for (int x = 0; x < f->width; x++)
			frame_lay(
			    f, x, y, sky_shade(&d, f, x, y, horizon, focal), 1);
	struct v3 eye = {rng_range(&rng, 0, 900), 0, rng_range(&rng, 0, 900)};
	eye.y = dune_height(&d, eye.x, eye.z + 14) + rng_range(&rng, 5, 9);
	float lowest = dune_height(&d, eye.x, eye.z) + 3;
	eye.y = eye.y > lowest ? eye.y : lowest;
	struct terrain t = {
	    dune_height, dune_colour, &d, eye, focal, horizon, 3, 2600, 700};
	terrain_paint(&t, f);
	studio->look.exposure = 0.80f;
	studio->look.contrast = 0.2f;
	studio->look.soft = 0.10f;
	studio->look.saturation = 1.1f;
}
