/* A cup of coffee with a leaf of milk, from above.
 *
 * Moods: 0 white cup on dark wood, 1 blue cup on pale stone, 2 white cup on
 * linen.
 */
#include "scene.h"

struct cup {
	float width, height;
	float x, y, radius; /* of the rim, pixels */
	float turn_c, turn_s, handle;
	struct rgb glaze;
	int mood;
	uint32_t seed;
};

static struct rgb
table_at(const struct cup *c, float u, float v)
{
	if (c->mood == 0) {
		float plank = v * 2.1f + 0.3f;
		int row = floori(plank);
		float joint = rise(0.488f, 0.497f, fabsf(fract(plank) - 0.5f));
		float shift = hash_unit(hash3(row, 0, 0, c->seed)) * 30;
		float ring = fbm2(u * 1.1f + shift, v * 11, 5, c->seed + 3);
		float fibre = fbm2(u * 6 + shift, v * 160, 3, c->seed + 4);
		float tone = 0.75f + 0.30f * sinf(ring * 15) + 0.25f * fibre;
		return rgb_scale(rgb_mix(rgb_hex(0x6a4630), rgb_hex(0x3c2618),
				     0.5f + 0.6f * ring),
		    clampf(tone, 0.1f, 2) * (1 - 0.8f * joint));
	}
	if (c->mood == 1) {
		float vein = powf(
		    1 - fabsf(
			    fbm2(u * 2 + 0.6f * fbm2(u * 3, v * 3, 4, c->seed),
				v * 2, 5, c->seed + 1)),
		    14);
		float cloud = fbm2(u * 1.6f, v * 1.6f, 5, c->seed + 2);
		return rgb_scale(
		    rgb_mix(rgb_hex(0xdedad4), rgb_hex(0x9a9690), 0.5f * vein),
		    0.92f + 0.16f * cloud);
	}
	float warp = sinf(u * 700 + 2 * noise2(u * 20, v * 20, c->seed)),
	      weft = sinf(v * 700 + 2 * noise2(v * 20, u * 20, c->seed + 1));
	float fold = fbm2(u * 1.3f + v, v * 1.1f, 4, c->seed + 5);
	float slub = noise2(u * 4, v * 300, c->seed + 6) +
	             noise2(u * 300, v * 4, c->seed + 7);
	return rgb_scale(rgb_hex(0xc9bda8),
	    0.86f + 0.05f * (warp + weft) + 0.06f * slub + 0.28f * fold);
}

/* The poured leaf: 1 milk, 0 coffee. `u`, `v` in cup radii, stem down. */
static float
rosetta_at(const struct cup *c, float u, float v)
{
	u += 0.025f * fbm2(u * 5, v * 5, 3, c->seed + 20);
	v += 0.025f * fbm2(u * 5 + 9, v * 5, 3, c->seed + 21);
	float t = (v + 0.62f) / 1.30f; /* 0 at the tip .. 1 at the stem */
	float half =
	    0.62f *
	    powf(clampf(sinf(3.1416f * powf(clampf(t, 0, 1), 0.62f)), 0, 1),
		0.8f);
	float away = fabsf(u);
	/* Ripples: each stroke hangs down at the sides. */
	float stroke = (v - 1.15f * away + 0.55f * away * away) * 6.2f +
	               0.15f * noise2(u * 3, v * 3, c->seed + 25);
	float band = rise(0.48f, 0.33f, fabsf(fract(stroke) - 0.5f));
	float edge = rise(0.0f, 0.05f, half - away);
	float leaf = band * edge * rise(0.0f, 0.05f, t) * rise(1.0f, 0.96f, t);
	/* A heart at the tip, and the line drawn through at the end. */
	float hx = away - 0.10f, hy = v + 0.56f;
	float heart = rise(
	    0.19f, 0.165f, sqrtf(hx * hx * 1.2f + hy * hy + 0.6f * away * hy));
	leaf = leaf > heart ? leaf : heart;
	float line = rise(0.020f, 0.008f, away) * rise(-0.66f, -0.50f, v) *
	             rise(0.80f, 0.6f, v);
	float rim = rise(0.925f, 0.96f,
	    sqrtf(u * u + v * v) + 0.02f * noise2(u * 4, v * 4, c->seed));
	return clampf(leaf * (1 - 0.9f * line) + 0.35f * rim, 0, 1);
}

static struct rgb
coffee_at(const struct cup *c, float u, float v)
{
	float r = sqrtf(u * u + v * v);
	float tu = u * c->turn_c + v * c->turn_s,
	      tv = v * c->turn_c - u * c->turn_s;
	float milk = rosetta_at(c, tu, tv);
	float tiger = fbm2(tu * 9 + fbm2(tu * 4, tv * 4, 3, c->seed + 30),
	    tv * 9, 4, c->seed + 31);
	struct rgb crema = rgb_mix(rgb_hex(0x8a4f22), rgb_hex(0xb87838),
	    clampf(0.5f + 0.7f * tiger, 0, 1));
	crema = rgb_mix(crema, rgb_hex(0x55290f), 0.55f * rise(0.70f, 1.0f, r));
	struct rgb foam = rgb_scale(rgb_hex(0xf6e6cc), 0.96f + 0.05f * tiger);
	struct rgb s = rgb_mix(crema, foam, milk);
	/* Bubbles, mostly along the rim. */
	struct cell bubble = cell2(u * 34, v * 34, c->seed + 32);
	if (hash_unit(bubble.hash) > 0.90f - 0.35f * rise(0.8f, 0.97f, r)) {
		float size = 0.10f + 0.18f * hash_unit(hash_next(bubble.hash));
		s = rgb_scale(s, 1 - 0.28f * bell(bubble.near - size, 0.06f));
		s = rgb_madd(s, rgb_of(1, 0.95f, 0.9f),
		    0.25f * bell(bubble.dx + size * 0.5f, 0.06f) *
			bell(bubble.dy + size * 0.5f, 0.06f));
	}
	/* The wall's shadow from the window at the upper left, a sheen below.
	 */
	float shade = rise(0.80f, 1.05f, hypotf(u - 0.14f, v - 0.14f));
	s = rgb_scale(s, 1 - 0.50f * shade);
	float sheen = bell(u + 0.30f, 0.5f) * bell(v + 0.42f, 0.30f);
	return rgb_madd(s, rgb_of(0.9f, 0.95f, 1), 0.05f * sheen);
}

/* Ceramic, by the slope towards the outside (-1 .. 1) at an angle. */
static struct rgb
glaze_at(const struct cup *c, float slope, float dx, float dy)
{
	float toward = -(dx * 0.62f + dy * 0.72f) * slope;
	float light = 0.60f + 0.42f * toward;
	struct rgb s = rgb_scale(c->glaze, clampf(light, 0.06f, 2));
	float gloss = powf(clampf(toward + 0.06f, 0, 1), 24);
	return rgb_madd(s, rgb_of(1, 1, 1), 0.85f * gloss);
}

/* Everything from the saucer up; false where there is only the table. */
static bool
ware_at(const struct cup *c, float u, float v, struct rgb *out)
{
	float r = sqrtf(u * u + v * v), dx = u / (r + 1e-6f),
	      dy = v / (r + 1e-6f);
	if (r < 0.93f) {
		*out = coffee_at(c, u / 0.93f, v / 0.93f);
		return true;
	}
	if (r < 1.02f) { /* rim */
		*out = glaze_at(c, (r - 0.972f) / 0.048f, dx, dy);
		return true;
	}
	float hu = u * cosf(c->handle) + v * sinf(c->handle),
	      hv = v * cosf(c->handle) - u * sinf(c->handle);
	float grip = fabsf(hv) - 0.085f - 0.05f * rise(1.25f, 1.0f, hu);
	if (hu > 0.9f && hu < 1.46f && grip < 0) {
		if (hu + hv * hv * 6 < 1.43f) {
			*out = glaze_at(
			    c, hv / 0.11f, -sinf(c->handle), cosf(c->handle));
			return true;
		}
	}
	if (r > 1.92f)
		return false;
	/* Saucer: a well, a slope, a rounded edge; the cup's shadow on it. */
	float slope = r < 1.30f   ? -0.05f
	              : r < 1.84f ? -0.30f - 0.25f * rise(1.3f, 1.8f, r)
	                          : (r - 1.88f) / 0.045f;
	*out = glaze_at(c, slope, dx, dy);
	float shade = rise(1.42f, 0.98f, hypotf(u - 0.17f, v - 0.20f));
	*out = rgb_scale(*out, 1 - 0.62f * shade);
	*out = rgb_scale(*out, 1 - 0.25f * bell(r - 1.30f, 0.03f));
	return true;
}

static struct rgb
latte_shade(const void *scene, float x, float y)
{
	const struct cup *c = scene;
	float u = (x - c->x) / c->radius, v = (y - c->y) / c->radius;
	struct rgb s;
	if (!ware_at(c, u, v, &s)) {
		s = table_at(c, x / c->height, y / c->height);
		float shade =
		    0.62f * rise(2.10f, 1.84f, hypotf(u - 0.07f, v - 0.09f)) +
		    0.20f * rise(2.5f, 1.8f, hypotf(u - 0.16f, v - 0.2f));
		s = rgb_scale(s, 1 - shade);
	}
	float d = hypotf(x / c->width - 0.05f, y / c->height);
	return rgb_scale(s, 1.28f - 0.62f * rise(0, 1.3f, d));
}

static void
beans_paint(const struct cup *c, const struct frame *f, struct rng *rng)
{
	for (int i = 0; i < 26; i++) {
		float x = rng_range(rng, 0, 1) * c->width,
		      y = rng_range(rng, 0, 1) * c->height;
		float a = c->radius * rng_range(rng, 0.085f, 0.11f),
		      turn = rng_range(rng, 0, TAU);
		if (hypotf(x - c->x, y - c->y) < c->radius * 2.1f)
			continue;
		float tone = rng_range(rng, 0.8f, 1.3f);
		uint32_t seed = rng_bits(rng) >> 8;
		bool is_back = rng_pick(rng, 3) == 0;
		for (int pass = 0; pass < 2; pass++) {
			for (int row = (int)(y - a * 1.6f);
			     (float)row < y + a * 1.6f; row++) {
				for (int col = (int)(x - a * 1.6f);
				     (float)col < x + a * 1.6f; col++) {
					if (row < 0 || col < 0 ||
					    row >= f->height || col >= f->width)
						continue;
					float off = pass ? 0 : a * 0.16f;
					float px = ((float)col - x - off) / a,
					      py = ((float)row - y - off) / a;
					float u = px * cosf(turn) +
					          py * sinf(turn),
					      v = (py * cosf(turn) -
						      px * sinf(turn)) /
					          0.68f;
					float r = sqrtf(u * u + v * v);
					if (!pass) {
						float *p =
						    frame_at(f, col, row);
						for (int k = 0; k < 3; k++)
							p[k] *=
							    1 -
							    0.6f * rise(1.25f,
								       0.85f,
								       r);
						continue;
					}
					float dome =
					    sqrtf(clampf(1 - r * r, 0, 1));
					float light =
					    0.25f +
					    0.75f * dome *
						clampf(0.7f - 0.5f * (px + py),
						    0, 2);
					float groove =
					    is_back
						? 0
						: rise(0.10f, 0.03f,
						      fabsf(
							  v +
							  0.16f *
							      sinf(u * 3.2f)));
					float rough =
					    1 +
					    0.2f * fbm2(u * 9, v * 9, 3, seed);
					struct rgb s =
					    rgb_scale(rgb_hex(0x5a3018),
						light * tone * rough *
						    (1 - 0.8f * groove));
					s = rgb_madd(s, rgb_of(1, 0.9f, 0.8f),
					    0.25f * bell(px + 0.30f, 0.2f) *
						bell(py + 0.32f, 0.14f));
					frame_lay(f, col, row, s,
					    clampf((1 - r) * a * 0.7f + 0.5f, 0,
						1));
				}
			}
		}
	}
}

void
scene_latte(struct studio *studio, const struct shot *shot)
{
	static const uint32_t glazes[] = {0xece8e0, 0x4f7894, 0xe8e2d6};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	struct cup c = {.width = (float)f->width, .height = (float)f->height};
	c.mood = shot->mood % 3;
	c.seed = rng_bits(&rng) & 0xffffff;
	float unit = c.width < c.height ? c.width : c.height;
	c.radius = unit * rng_range(&rng, 0.255f, 0.30f);
	c.x = c.width * rng_range(&rng, 0.44f, 0.56f);
	c.y = c.height * rng_range(&rng, 0.46f, 0.54f);
	float turn = rng_range(&rng, -0.7f, 0.7f);
	c.turn_c = cosf(turn);
	c.turn_s = sinf(turn);
	c.handle = rng_range(&rng, 0.2f, 0.9f);
	c.glaze = rgb_hex(glazes[c.mood]);
	frame_shade(&studio->picture, latte_shade, &c);
	if (c.mood != 2)
		beans_paint(&c, f, &rng);
	studio->look.exposure = 0.92f;
	studio->look.contrast = 0.22f;
	studio->look.vignette = 0.35f;
	studio->look.shade_tint = rgb_of(1.02f, 1.0f, 0.97f);
}
