/* A city at the blue hour, mirrored in a river.
 *
 * Moods: 0 blue hour, 1 purple dusk, 2 night.
 */
#include "scene.h"

enum {
	ROWS = 3, /* of houses behind each other */
	HOUSES_MAX = 64
};

struct house {
	float left, right, top; /* in picture heights; top above the shore */
	float grid_x, grid_y;   /* a window's pitch */
	float lit;              /* share of windows with light */
	float tone;
	int crown; /* 0 flat, 1 stepped, 2 a spire */
	uint32_t seed;
};

struct city {
	float width, height, shore; /* pixels; shore in heights */
	struct house houses[ROWS][HOUSES_MAX];
	int counts[ROWS];
	struct rgb zenith, low, wall, haze;
	float glow; /* of the windows */
	uint32_t seed;
};

static void
houses_make(struct city *c, struct rng *rng)
{
	float wide = c->width / c->height;
	float peak = wide * rng_range(rng, 0.3f, 0.7f);
	for (int row = 0; row < ROWS; row++) {
		float x = -0.05f;
		int n = 0;
		while (x < wide + 0.05f && n < HOUSES_MAX) {
			float w = rng_range(rng, 0.035f, 0.085f) *
			          (row == 2 ? 1.25f : 1);
			float middle = bell(x - peak, 0.45f);
			float tall = rng_range(rng, 0.09f, 0.20f) +
			             (row == 2 ? -0.03f : 0.0f);
			if (row < 2)
				tall += middle *
				        rng_range(rng, 0, row ? 0.22f : 0.36f);
			struct house h = {
			    x, x + w, tall, 0, 0, 0, 0, 0, rng_bits(rng) >> 8};
			h.grid_x = w / (float)(8 + rng_pick(rng, 9));
			h.grid_y = rng_range(rng, 0.0052f, 0.0085f);
			h.lit = rng_range(rng, 0.06f, 0.42f);
			h.tone = rng_range(rng, 0.6f, 1.5f);
			h.crown = tall > 0.25f ? rng_pick(rng, 3) : 0;
			c->houses[row][n++] = h;
			x += w * rng_range(rng, 0.86f, 1.18f);
		}
		c->counts[row] = n;
	}
}

static struct rgb
sky_at(const struct city *c, float u, float v)
{
	float e = (c->shore - v) / c->shore;
	struct rgb s = rgb_mix(c->low, c->zenith, powf(clampf(e, 0, 1), 0.55f));
	float cloud = fbm2(u * 1.3f + 0.5f * e, e * 6.5f, 6, c->seed);
	struct rgb lit = rgb_mix(c->zenith, c->low, 0.75f * (1 - e));
	return rgb_mix(s, rgb_scale(lit, 1.25f),
	    0.55f * rise(0.0f, 0.55f, cloud) * rise(0.0f, 0.25f, e));
}

/* Light from the window at this place of a house's front. */
static struct rgb
window_at(
    const struct city *c, const struct house *h, float x, float y, int row)
{
	static const float hues[4][3] = {{1.0f, 0.62f, 0.26f},
	    {1.0f, 0.74f, 0.42f}, {1.0f, 0.9f, 0.72f}, {0.72f, 0.88f, 1.0f}};
	float gx = x / h->grid_x, gy = y / h->grid_y;
	int ix = floori(gx), iy = floori(gy);
	float fx = fract(gx), fy = fract(gy);
	bool is_band = h->seed % 3 == 0; /* offices: ribbons of glass */
	float inside =
	    rise(is_band ? 0.02f : 0.16f, is_band ? 0.06f : 0.24f, fx) *
	    rise(is_band ? 0.98f : 0.84f, is_band ? 0.94f : 0.76f, fx) *
	    rise(0.22f, 0.32f, fy) * rise(0.88f, 0.78f, fy);
	uint32_t hash = hash3(ix, iy, 0, h->seed);
	float floor_lit =
	    hash_unit(hash3(0, iy, 1, h->seed)) < 0.25f ? 0.45f : 0;
	bool is_lit = hash_unit(hash) < h->lit + floor_lit;
	const float *hue = hues[hash_next(hash) % 4];
	float power =
	    is_lit ? 0.35f + 1.5f * sqf(hash_unit(hash_next(hash + 5))) : 0.0f;
	power *= c->glow * (row == 0 ? 0.7f : row == 1 ? 0.9f : 1.1f);
	float pane = 0.05f + 0.04f * hash_unit(hash_next(hash + 9));
	struct rgb glass = rgb_scale(c->zenith, pane * 6);
	struct rgb light = {hue[0] * power, hue[1] * power, hue[2] * power};
	return rgb_scale(rgb_add(light, glass), inside);
}

static bool
house_covers(const struct house *h, float u, float y)
{
	if (u < h->left || u > h->right || y < 0)
		return false;
	float w = h->right - h->left,
	      mid = fabsf(u - (h->left + h->right) * 0.5f) / w;
	float top = h->top;
	if (h->crown == 1)
		top -= mid > 0.36f ? 0.030f : mid > 0.24f ? 0.014f : 0;
	if (h->crown == 2)
		top += mid < 0.012f  ? 0.085f
		       : mid < 0.10f ? 0.02f
		       : mid < 0.3f  ? 0
		                     : -0.02f;
	return y < top;
}

static struct rgb
city_at(const struct city *c, float u, float v)
{
	float y = c->shore - v;
	for (int row = ROWS - 1; row >= 0; row--) {
		for (int i = 0; i < c->counts[row]; i++) {
			const struct house *h = &c->houses[row][i];
			if (!house_covers(h, u, y))
				continue;
			float far = (float)(ROWS - 1 - row) / (ROWS - 1);
			float side = (u - h->left) / (h->right - h->left);
			float turn = side < 0.28f + 0.2f * hash_unit(h->seed)
			                 ? 0.62f
			                 : 1.0f;
			struct rgb wall = rgb_scale(c->wall,
			    h->tone * turn *
				(0.9f +
				    0.2f * noise2(u * 40, y * 40, h->seed)));
			struct rgb s = wall;
			if (y < h->top - 0.008f)
				s = rgb_add(
				    s, rgb_scale(
					   window_at(c, h, u - h->left, y, row),
					   turn));
			/* Streets shine up along the lower floors. */
			s = rgb_madd(s, rgb_of(1, 0.55f, 0.22f),
			    0.05f * c->glow * expf(-y * 26));
			float air = 0.10f + 0.42f * far;
			return rgb_mix(s, c->haze, air * expf(-y * 1.5f));
		}
	}
	return sky_at(c, u, v);
}

static struct rgb
city_shade(const void *scene, float x, float y)
{
	const struct city *c = scene;
	return city_at(c, x / c->height, y / c->height);
}

static void
lamps_add(const struct city *c, const struct frame *f, struct rng *rng)
{
	float shore = c->shore * c->height;
	for (float x = 0; x < c->width;
	     x += c->height * rng_range(rng, 0.010f, 0.034f)) {
		struct rgb hue = rng_pick(rng, 5) ? rgb_of(1, 0.60f, 0.22f)
		                                  : rgb_of(0.8f, 0.95f, 1);
		float power = rng_range(rng, 1.5f, 7) * c->glow;
		float y = shore - c->height * rng_range(rng, 0.006f, 0.011f);
		frame_glow(f, x, y, 1.3f, rgb_scale(hue, power));
		frame_glow(
		    f, x, y, c->height * 0.009f, rgb_scale(hue, power * 0.03f));
	}
	for (int row = 0; row < 2; row++) {
		for (int i = 0; i < c->counts[row]; i++) {
			const struct house *h = &c->houses[row][i];
			if (h->crown != 2)
				continue;
			float x = (h->left + h->right) * 0.5f * c->height;
			frame_glow(f, x, shore - (h->top + 0.085f) * c->height,
			    1.8f, rgb_of(6, 0.5f, 0.3f));
		}
	}
}

/* The river: what stands above the shore, drawn long by small waves. */
static void
river_paint(const struct city *c, const struct frame *f)
{
	int shore = (int)(c->shore * c->height);
	for (int y = shore; y < f->height; y++) {
		float below = (float)(y - shore) + 0.5f,
		      deep = below / c->height;
		for (int x = 0; x < f->width; x++) {
			float u = (float)x / c->height;
			float wave = fbm2(u * 9 / (0.25f + deep * 2),
			    26 * sqrtf(deep + 0.002f) * 3, 4, c->seed + 8);
			struct rgb sum = {0, 0, 0};
			float reach = 3 + below * 0.62f;
			for (int k = 0; k < 9; k++) {
				float t = ((float)k + hash_unit(hash3(
							  x, y, k, c->seed))) /
				              9 -
				          0.5f;
				float up = (float)shore - below * 0.92f -
				           reach * (t * 1.5f + 0.55f * wave);
				up = clampf(up, 1, (float)shore - 1);
				sum = rgb_add(sum,
				    frame_colour(f,
					(float)x + wave * (2 + 9 * deep) + 0.5f,
					up));
			}
			sum = rgb_scale(sum, 0.62f / 9);
			sum = rgb_mix(sum, rgb_scale(c->zenith, 0.45f),
			    0.16f + 0.2f * deep);
			frame_lay(f, x, y, sum, 1);
		}
	}
	for (int y = shore - 5; y < shore + 3; y++) /* the quay */
		for (int x = 0; x < f->width; x++)
			frame_lay(f, x, y, rgb_scale(c->wall, 0.5f), 0.8f);
}

void
scene_skyline(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][4] = {/* zenith, low, wall, haze */
	    {0x1c3a78, 0xd79a78, 0x1a2438, 0x5a6c92},
	    {0x37336e, 0xe08a86, 0x231f38, 0x7a5f86},
	    {0x0b142c, 0x34405e, 0x0e1424, 0x1c2742}};
	static struct city c; /* too big for the stack */
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	int mood = shot->mood % 3;
	c.width = (float)f->width;
	c.height = (float)f->height;
	c.seed = rng_bits(&rng) & 0xffffff;
	c.shore = rng_range(&rng, 0.62f, 0.70f);
	c.zenith = rgb_hex(colours[mood][0]);
	c.low = rgb_hex(colours[mood][1]);
	c.wall = rgb_hex(colours[mood][2]);
	c.haze = rgb_hex(colours[mood][3]);
	c.glow = mood == 2 ? 0.75f : 1.0f;
	houses_make(&c, &rng);
	frame_shade(&studio->picture, city_shade, &c);
	lamps_add(&c, f, &rng);
	river_paint(&c, f);
	studio->look.exposure = mood == 2 ? 1.5f : 1.1f;
	studio->look.bloom = 0.16f;
	studio->look.vignette = 0.3f;
	studio->look.grain = 2.8f;
}
