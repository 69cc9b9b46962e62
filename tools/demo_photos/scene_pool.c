/* Sunlight on the floor of a swimming pool.
 *
 * Moods: 0 turquoise tiles, 1 deep blue, 2 pale with a lane line.
 */
#include "scene.h"

struct pool {
	float width, height;
	struct rgb tile, water, light;
	bool is_lane;
	uint32_t seed;
};

/* The water's surface, and from it how it bends sight. */
static float
wave_at(const struct pool *p, float u, float v)
{
	return 0.6f * noise2(u * 2.3f, v * 3.1f, p->seed) +
	       0.35f * noise2(u * 5.2f, v * 6.6f, p->seed + 1) +
	       0.14f * noise2(u * 12, v * 15, p->seed + 2);
}

/* Caustics: bright where two folded sheets of light meet. */
static float
caustic_at(float u, float v, float scale, uint32_t seed)
{
	float x = u * scale, y = v * scale;
	for (int i = 0; i < 3; i++) {
		float dx = noise2(x * 0.8f, y * 0.8f, seed + (uint32_t)i);
		float dy = noise2(x * 0.8f + 17, y * 0.8f, seed + (uint32_t)i);
		x += 0.55f * dx;
		y += 0.55f * dy;
	}
	struct cell c = cell2(x, y, seed + 9);
	float line = c.second - c.near;
	return expf(-line * 7.5f) + 0.35f * expf(-line * 2.2f);
}

static struct rgb
pool_shade(const void *scene, float x, float y)
{
	const struct pool *p = scene;
	float v = y / p->height, u = (x - p->width * 0.5f) / p->height;
	/* Seen a little from one side: the far end is smaller. */
	float far = 1.55f / (0.55f + v);
	float px = u * far * 1.6f, py = far * 2.2f;
	float e = 0.03f, w = wave_at(p, px, py);
	float sx = (wave_at(p, px + e, py) - w) / e,
	      sy = (wave_at(p, px, py + e) - w) / e;
	float fx = px + 0.026f * sx, fy = py + 0.026f * sy;
	float gx = fx * 3.2f, gy = fy * 3.2f;
	float grout = rise(0.45f, 0.485f,
	    fmaxf(fabsf(fract(gx) - 0.5f), fabsf(fract(gy) - 0.5f)));
	float tone =
	    0.82f +
	    0.30f * hash_unit(hash3(floori(gx), floori(gy), 0, p->seed)) +
	    0.08f * fbm2(fx * 9, fy * 9, 3, p->seed + 4);
	struct rgb c = rgb_mix(rgb_scale(p->tile, tone),
	    rgb_of(0.75f, 0.85f, 0.85f), 0.55f * grout);
	if (p->is_lane && fabsf(fx - 0.55f) < 0.24f)
		c = rgb_scale(c, 0.16f);
	float net = caustic_at(fx, fy, 2.3f, p->seed + 30) +
	            0.45f * caustic_at(fx, fy, 4.7f, p->seed + 40);
	c = rgb_mul(
	    c, rgb_madd(rgb_of(0.42f, 0.50f, 0.55f), p->light, 0.85f * net));
	c = rgb_mix(c, p->water, 0.28f + 0.32f * rise(1.2f, 2.8f, far));
	/* Sky on the slopes that face away, and the sun on a few of them. */
	float glance = clampf(
	    0.04f + 0.09f * (-sy + 0.2f) * rise(1.0f, 2.8f, far) + 0.02f * sx,
	    0, 0.6f);
	c = rgb_mix(c, rgb_of(0.75f, 0.88f, 1.0f), glance);
	float fine = noise2(px * 26, py * 34, p->seed + 50);
	float spark =
	    rise(0.92f, 1.10f, sx * 0.16f - sy * 0.12f + 0.40f * fine);
	return rgb_madd(c, rgb_of(1, 0.98f, 0.92f), 3.0f * spark * spark);
}

void
scene_pool(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][2] = {
	    {0x58c8d0, 0x18a0b8}, {0x3a84c8, 0x0c58a0}, {0xa4dce0, 0x50bcd0}};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	int mood = shot->mood % 3;
	struct pool p = {.width = (float)f->width, .height = (float)f->height};
	p.seed = rng_bits(&rng) & 0xffffff;
	p.tile = rgb_hex(colours[mood][0]);
	p.water = rgb_hex(colours[mood][1]);
	p.light = rgb_of(1.05f, 1.02f, 0.92f);
	p.is_lane = mood == 2;
	frame_shade(&studio->picture, pool_shade, &p);
	studio->look.exposure = 0.9f;
	studio->look.bloom = 0.10f;
	studio->look.saturation = 1.12f;
}
