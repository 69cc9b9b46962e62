/* Birches in autumn, the wood behind them out of focus.
 *
 * Moods: 0 gold, 1 red and orange, 2 spring green.
 */
#include "scene.h"

struct wood {
	float width, height;
	struct rgb leaf[4], sky, shade, litter;
	uint32_t seed;
};

struct trunk {
	float x, wide, lean; /* pixels; pixels sideways over the whole height */
	float foot;          /* row */
	uint32_t seed;
};

static void
back_paint(const struct wood *w, const struct frame *f, struct rng *rng)
{
	float height = (float)f->height, width = (float)f->width;
	for (int y = 0; y < f->height; y++) {
		for (int x = 0; x < f->width; x++) {
			float u = (float)x / height, v = (float)y / height;
			float n = fbm2(u * 2.4f, v * 2.0f, 4, w->seed);
			struct rgb c = rgb_mix(w->shade, w->leaf[0],
			    rise(-0.6f, 0.7f, n + 0.40f - v));
			c = rgb_mix(c, w->sky,
			    rise(0.05f, 0.65f, n - 0.9f * (v - 0.34f)) * 0.8f);
			float far = 1 / (v - 0.52f > 0.05f ? v - 0.52f : 0.05f);
			float leaf = fbm2(
			    (u - 0.75f) * far * 2.6f, far * 7, 4, w->seed + 2);
			float spot =
			    cell2((u - 0.75f) * far * 9, far * 22, w->seed + 3)
				.near;
			struct rgb ground = rgb_mix(rgb_scale(w->litter, 0.25f),
			    rgb_mix(
				w->litter, w->leaf[3], rise(0.5f, 0.1f, spot)),
			    rise(-0.5f, 0.5f, leaf));
			/* Sunlight falls through in bars. */
			float bar = rise(-0.1f, 0.5f,
			    noise2((u - 0.75f) * far * 1.1f + far, far * 1.3f,
				w->seed + 4));
			ground = rgb_scale(ground, 0.5f + 0.9f * bar);
			c = rgb_mix(c, rgb_scale(w->shade, 0.7f),
			    0.75f * bell(v - 0.66f, 0.06f));
			c = rgb_mix(
			    c, ground, rise(0.64f, 0.74f, v + 0.03f * n));
			frame_lay(f, x, y, c, 1);
		}
	}
	for (int i = 0; i < 520; i++) {
		float x = rng_range(rng, 0, width),
		      y = height * powf(rng_range(rng, 0, 1), 1.25f) * 0.80f;
		float power = 0.03f * expf(1.0f * rng_normal(rng));
		frame_light(f, x, y, height * rng_range(rng, 0.012f, 0.030f),
		    rgb_scale(w->leaf[rng_pick(rng, 4)],
			power > 0.30f ? 0.30f : power));
	}
	for (int i = 0; i < 60; i++) /* where the sky shines through */
		frame_light(f, rng_range(rng, 0, width),
		    height * rng_range(rng, 0, 0.45f),
		    height * rng_range(rng, 0.012f, 0.03f),
		    rgb_scale(w->sky, rng_range(rng, 0.1f, 0.45f)));
}

/* Bark at u across (-1 .. 1) and v along, in trunk widths. */
static struct rgb
bark_at(uint32_t seed, float u, float v)
{
	float turn = asinf(clampf(u, -0.999f, 0.999f));
	float tone = 0.72f + 0.16f * fbm2(turn * 1.4f, v * 1.2f, 4, seed) +
	             0.10f * noise2(turn * 3, v * 30, seed + 1);
	struct rgb c =
	    rgb_mix(rgb_hex(0xb9a893), rgb_hex(0xf4efe6), clampf(tone, 0, 1));
	/* Lenticels: short dark dashes across. */
	float dash = noise2(turn * 2.1f, v * 11, seed + 2) +
	             0.5f * noise2(turn * 5, v * 26, seed + 3);
	c = rgb_mix(c, rgb_hex(0x3a322c), 0.85f * rise(0.42f, 0.62f, dash));
	/* Old branch scars and torn, black patches. */
	struct cell scar = cell2(turn * 0.9f + 7, v * 0.38f, seed + 4);
	float ragged = 0.16f * fbm2(turn * 6, v * 5, 3, seed + 5);
	float size = 0.10f + 0.18f * hash_unit(scar.hash);
	float eye =
	    sqrtf(sqf(scar.dx * 0.8f) + sqf(scar.dy * 1.9f)) + ragged * 0.5f;
	c = rgb_mix(c, rgb_hex(0x1d1917), rise(size, size * 0.6f, eye));
	/* Peeling paper shows the pink below. */
	float peel =
	    rise(0.28f, 0.5f, fbm2(turn * 1.1f + 3, v * 2.6f, 4, seed + 6));
	return rgb_mix(c, rgb_hex(0xcaa084), 0.45f * peel);
}

static void
trunk_paint(const struct wood *w, const struct frame *f, const struct trunk *t,
    float light)
{
	for (int y = 0; y < f->height && (float)y < t->foot; y++) {
		float v = (float)y / (float)f->height;
		float flare =
		    1 +
		    0.5f * rise(t->foot - 2.5f * t->wide, t->foot, (float)y) +
		    0.10f * v;
		float half = t->wide * 0.5f * flare;
		float bend = noise2(v * 1.7f, 0, t->seed) * t->wide * 0.28f;
		float cx = t->x + t->lean * (0.5f - v) + bend;
		for (int x = (int)(cx - half) - 1; (float)x < cx + half + 1;
		     x++) {
			if (x < 0 || x >= f->width)
				continue;
			float rough =
			    0.04f * noise2((float)y / t->wide * 6,
					x < (int)cx ? 1.0f : 9.0f, t->seed + 9);
			float u = ((float)x + 0.5f - cx) / half;
			float cover =
			    clampf((1 + rough - fabsf(u)) * half + 0.5f, 0, 1);
			if (cover <= 0)
				continue;
			struct rgb c = bark_at(t->seed, u, (float)y / t->wide);
			/* Sky light from the left, warm light from behind
			 * right. */
			float round = sqrtf(clampf(1 - u * u, 0, 1));
			float left =
			    clampf(0.16f + 0.40f * round - 0.62f * u, 0.03f, 2);
			struct rgb lit =
			    rgb_scale(rgb_of(0.80f, 0.86f, 1.0f), left * 0.60f);
			lit = rgb_madd(lit, w->leaf[1],
			    0.55f * powf(clampf(u * 0.5f + 0.5f, 0, 1), 5));
			lit = rgb_madd(
			    lit, w->litter, 0.25f * rise(0.55f, 1.0f, v));
			/* Undergrowth hides the foot. */
			float grass =
			    noise2((float)x / t->wide * 5, 3, t->seed) * 0.5f *
			    t->wide;
			cover *= rise(t->foot, t->foot - 0.9f * t->wide,
			    (float)y + grass);
			frame_lay(
			    f, x, y, rgb_mul(c, rgb_scale(lit, light)), cover);
		}
	}
}

/* A layer of trunks in a spare frame, blurred and laid over the picture. */
static void
trunks_lay(struct studio *studio, const struct wood *w, struct rng *rng,
    int count, float wide, float foot, int shrink, float radius)
{
	struct frame *f = &studio->spare[0];
	frame_shape(
	    f, studio->picture.width / shrink, studio->picture.height / shrink);
	for (int i = 0; i < count; i++) {
		float slot =
		    ((float)i + rng_range(rng, 0.15f, 0.85f)) / (float)count;
		struct trunk t = {.seed = rng_bits(rng) >> 8};
		t.x = slot * (float)f->width;
		t.wide = wide * (float)f->height * rng_range(rng, 0.75f, 1.25f);
		t.lean = rng_range(rng, -0.06f, 0.06f) * (float)f->height;
		t.foot =
		    (foot + rng_range(rng, -0.02f, 0.02f)) * (float)f->height;
		trunk_paint(w, f, &t, 1.0f);
	}
	frame_defocus(f, &studio->spare[1], radius / (float)shrink);
	frame_over(&studio->picture, f);
}

static void
leaves_lay(struct studio *studio, const struct wood *w, struct rng *rng)
{
	struct frame *f = &studio->spare[0];
	frame_shape(f, studio->picture.width / 4, studio->picture.height / 4);
	float height = (float)f->height;
	for (int i = 0; i < 26; i++) {
		bool is_top = rng_pick(rng, 3) > 0;
		float cx = rng_range(rng, 0, (float)f->width);
		float cy = height * (is_top ? rng_range(rng, -0.04f, 0.16f)
					    : rng_range(rng, 0.92f, 1.06f));
		struct rgb c = rgb_scale(
		    w->leaf[rng_pick(rng, 4)], rng_range(rng, 0.4f, 1.1f));
		float r = height * rng_range(rng, 0.02f, 0.045f),
		      turn = rng_range(rng, 0, TAU);
		for (int y = (int)(cy - r * 2); (float)y < cy + r * 2; y++) {
			for (int x = (int)(cx - r * 2); (float)x < cx + r * 2;
			     x++) {
				if (x < 0 || y < 0 || x >= f->width ||
				    y >= f->height)
					continue;
				float dx = ((float)x - cx) / r,
				      dy = ((float)y - cy) / r;
				float u = dx * cosf(turn) + dy * sinf(turn),
				      v = dy * cosf(turn) - dx * sinf(turn);
				frame_lay(f, x, y, c,
				    clampf(
					(1 - sqrtf(u * u + sqf(v * 1.5f))) * r,
					0, 1));
			}
		}
	}
	frame_defocus(f, &studio->spare[1], height * 0.024f);
	frame_over(&studio->picture, f);
}

void
scene_birches(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][7] = {
	    /* four leaves, sky, shade, litter */
	    {0xd9a52c, 0xf2c84b, 0xb98420, 0xe8b848, 0xf6ecc8, 0x3a3a1e,
		0xa8783a},
	    {0xc8562a, 0xe88a34, 0xa83a24, 0xe8b048, 0xf4dfc4, 0x38251c,
		0x8e4a2c},
	    {0x8fb43c, 0xb8d060, 0x5f8e34, 0xd0dc80, 0xeaf4dc, 0x20361e,
		0x5e7a38}};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	int mood = shot->mood % 3;
	struct wood w = {.width = (float)f->width, .height = (float)f->height};
	w.seed = rng_bits(&rng) & 0xffffff;
	for (int i = 0; i < 4; i++)
		w.leaf[i] = rgb_hex(colours[mood][i]);
	w.sky = rgb_hex(colours[mood][4]);
	w.shade = rgb_hex(colours[mood][5]);
	w.litter = rgb_hex(colours[mood][6]);
	struct frame *small = &studio->spare[0];
	frame_shape(small, f->width / 3, f->height / 3);
	back_paint(&w, small, &rng);
	frame_blur(small, &studio->spare[1], 1);
	frame_stretch(f, small);
	float wide = w.width / w.height;
	trunks_lay(studio, &w, &rng, (int)(16 * wide), 0.014f, 0.70f, 4,
	    w.height * 0.012f);
	trunks_lay(studio, &w, &rng, (int)(7 * wide), 0.032f, 0.78f, 3,
	    w.height * 0.007f);
	trunks_lay(
	    studio, &w, &rng, (int)(2.6f * wide) + 1, 0.085f, 1.3f, 1, 0);
	leaves_lay(studio, &w, &rng);
	studio->look.exposure = 1.05f;
	studio->look.bloom = 0.12f;
	studio->look.saturation = 1.1f;
	studio->look.vignette = 0.4f;
}
