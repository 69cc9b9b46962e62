/* Ranges of mountains behind each other in the morning mist.
 *
 * Moods: 0 gold dawn, 1 rose and blue, 2 cool blue morning, 3 gold dawn with
 * hot-air balloons.
 */
#include "scene.h"

enum {
	RANGES = 8,
	COLUMNS_MAX = 4096,
	BALLOONS_MAX = 7
};

struct balloon {
	float x, y, radius;
	struct rgb cloth[3];
	float far; /* 0 near .. 1 lost in the haze */
	uint32_t seed;
};

struct mountains {
	int width, height;
	float unit;                       /* pixels in the picture's height */
	float crest[RANGES][COLUMNS_MAX]; /* rows */
	float floor[RANGES][COLUMNS_MAX]; /* the same without the trees */
	struct rgb zenith, low, glow, haze, rock;
	float sun_x, sun_y; /* in heights */
	uint32_t seed;
};

/* Conifers on a crest, as a height to add at x; x in tree widths. */
static float
trees_on(float x, uint32_t seed)
{
	float tallest = 0;
	int cell = floori(x);
	for (int i = cell - 1; i <= cell + 1; i++) {
		uint32_t h = hash3(i, 3, 1, seed);
		float at = (float)i + hash_unit(h);
		float tall = 0.35f + 0.9f * hash_unit(hash_next(h));
		float from = fabsf(x - at);
		float jag = 0.12f * noise2(x * 9, (float)i, seed);
		float y = tall * (1 - from * (1.9f + jag * 4)) + jag;
		tallest = y > tallest ? y : tallest;
	}
	return tallest;
}

static void
crests_make(struct mountains *m)
{
	for (int i = 0; i < RANGES; i++) {
		float t = (float)i / (RANGES - 1);
		float base = mixf(0.47f, 1.02f, powf(t, 1.25f));
		float tall = mixf(0.10f, 0.20f, t) * (i == 1 ? 1.6f : 1);
		float often = mixf(2.6f, 1.2f, t);
		uint32_t seed = m->seed + 40u * (uint32_t)i;
		for (int x = 0; x < m->width; x++) {
			float u = (float)x / m->unit;
			float shape =
			    0.6f * ridge2(u * often + 7.3f * (float)i,
				       0.4f * (float)i, 7, seed) +
			    0.5f * noise2(u * often * 0.6f, 9.1f, seed + 20);
			float row = base - tall * (shape - 0.2f);
			m->floor[i][x] = row * m->unit;
			if (t > 0.5f)
				row -=
				    trees_on(u * mixf(260, 70, t), seed + 30) *
				    mixf(0.004f, 0.022f, (t - 0.5f) * 2) *
				    rise(-0.3f, 0.3f,
					0.3f + noise2(u * 5, 2, seed + 9));
			m->crest[i][x] = row * m->unit;
		}
	}
}

static struct rgb
sky_at(const struct mountains *m, float u, float v)
{
	struct rgb c = rgb_mix(m->low, m->zenith, rise(0.55f, -0.15f, v));
	float dx = u - m->sun_x, dy = v - m->sun_y;
	float d = sqrtf(dx * dx + dy * dy * 1.6f);
	c = rgb_madd(c, m->glow, 0.9f * expf(-d * 4.5f) + 0.5f * expf(-d * 14));
	c = rgb_madd(c, rgb_of(14, 11, 7),
	    rise(0.030f, 0.024f, sqrtf(dx * dx + dy * dy)));
	/* High thin cloud, drawn out along the wind. */
	float wisp = fbm2(u * 1.6f + 0.4f * fbm2(u * 3, v * 6, 3, m->seed + 5),
	    v * 7, 6, m->seed + 6);
	wisp = rise(0.0f, 0.6f, wisp) * rise(0.6f, 0.25f, v);
	struct rgb lit =
	    rgb_madd(rgb_scale(m->low, 0.9f), m->glow, 0.5f * expf(-d * 2.2f));
	return rgb_mix(c, lit, 0.55f * wisp);
}

/* Range i at a place below its crest. */
static struct rgb
range_at(const struct mountains *m, int i, float x, float y, float crest)
{
	float t = (float)i / (RANGES - 1);
	float u = x / m->unit, v = y / m->unit;
	float below = (y - crest) / m->unit;
	uint32_t seed = m->seed + 40u * (uint32_t)i + 500;
	float dx = u - m->sun_x;
	struct rgb haze =
	    rgb_madd(m->haze, m->glow, 0.30f * expf(-dx * dx * 2.5f));
	/* Gullies run down from the crest; the sun side is brighter. */
	float along = u + 0.04f * fbm2(u * 9, v * 9, 3, seed);
	float gully =
	    ridge2(along * mixf(20, 9, t), v * mixf(20, 9, t), 5, seed);
	float grain = fbm2(u * 90, v * 120, 3, seed + 7);
	float light = 0.55f + 0.7f * (gully - 0.35f) * rise(1.0f, 0.3f, t) +
	              0.25f * grain;
	struct rgb c = rgb_scale(m->rock, clampf(light, 0.1f, 2));
	float air = expf(-2.9f * t) * 0.93f + 0.04f;
	c = rgb_mix(c, haze, air);
	/* Mist lies in the valleys: thick some way below each crest. */
	float mist = rise(0.0f, mixf(0.08f, 0.30f, t),
			 below + 0.025f * fbm2(u * 4, v * 9, 4, seed + 3)) *
	             mixf(0.75f, 0.25f, t);
	return rgb_mix(c, rgb_scale(haze, 1.05f), mist * rise(1.06f, 0.7f, t));
}

static struct rgb
mountains_shade(const void *scene, float x, float y)
{
	const struct mountains *m = scene;
	int col = (int)x < m->width ? (int)x : m->width - 1;
	struct rgb c = {0};
	float left = 1;
	for (int i = RANGES - 1; i >= 0 && left > 0.01f; i--) {
		float crest = m->crest[i][col];
		float cover = clampf(y - crest + 0.5f, 0, 1);
		if (cover <= 0)
			continue;
		c = rgb_madd(
		    c, range_at(m, i, x, y, m->floor[i][col]), left * cover);
		left *= 1 - cover;
	}
	if (left > 0.01f)
		c = rgb_madd(c, sky_at(m, x / m->unit, y / m->unit), left);
	return c;
}

/* Half the envelope's width at y, both in radii; negative outside. */
static float
envelope_width(float y)
{
	if (y < -1 || y > 1.42f)
		return -1;
	if (y < 0.25f)
		return sqrtf(1 - y * y);
	float t = (y - 0.25f) / 1.17f;
	return 0.968f - 0.3f * t - 0.55f * t * t + 0.07f * t * t * t;
}

static struct rgb
balloon_cloth(const struct balloon *b, float across, float y, float sun)
{
	float turn = asinf(clampf(across, -1, 1));
	int gore = floori(turn * 16 / TAU * 2 + 40);
	int band = floori((y + 1.2f) * 2.4f);
	int pick = (b->seed & 1) ? gore % 3 : (gore + band) % 3;
	if (b->seed & 2)
		pick = y > 0.2f && y < 0.5f ? 2 : gore % 2;
	float seam = fabsf(fract(turn * 16 / TAU * 2 + 40) - 0.5f);
	float nx = across, ny = y * 0.8f, nz = sqrtf(clampf(1 - nx * nx, 0, 1));
	float light =
	    0.34f +
	    0.75f * clampf(nx * sun * 0.8f - ny * 0.35f + nz * 0.22f, 0, 1);
	light *= 1 - 0.25f * rise(0.42f, 0.5f, seam);
	return rgb_scale(b->cloth[pick], light);
}

static void
balloon_paint(
    const struct mountains *m, const struct frame *f, const struct balloon *b)
{
	float sun = m->sun_x * m->unit > b->x ? 1.0f : -1.0f;
	float haze = b->far * 0.8f;
	int top = (int)(b->y - b->radius * 1.1f),
	    end = (int)(b->y + b->radius * 2.1f);
	for (int y = top < 0 ? 0 : top; y < end && y < f->height; y++) {
		float v = ((float)y + 0.5f - b->y) / b->radius;
		float half = envelope_width(v);
		float basket = v > 1.66f && v < 1.9f ? 0.13f : -1;
		float rope = v > 1.42f && v <= 1.66f ? 0.11f : -1;
		float reach = half > basket ? half : basket;
		reach = reach > rope ? reach : rope;
		if (reach <= 0)
			continue;
		int x0 = (int)(b->x - reach * b->radius) - 1;
		int x1 = (int)(b->x + reach * b->radius) + 2;
		for (int x = x0 < 0 ? 0 : x0; x < x1 && x < f->width; x++) {
			float u = ((float)x + 0.5f - b->x) / b->radius;
			float cover =
			    clampf((reach - fabsf(u)) * b->radius + 0.5f, 0, 1);
			struct rgb c = rgb_hex(0x3a281c);
			if (half > 0)
				c = balloon_cloth(b, u / half, v, sun);
			else if (rope > 0)
				cover *= fabsf(u) > 0.075f ? 0.5f : 0.05f;
			frame_lay(f, x, y, rgb_mix(c, m->haze, haze), cover);
		}
	}
}

static void
balloons_paint(const struct mountains *m, const struct frame *f)
{
	static const uint32_t cloth[][3] = {{0xd8402c, 0xf4d9a0, 0x27406e},
	    {0xe9a227, 0xf6e8c8, 0xb8322a}, {0x2f6f8f, 0xf2e3c2, 0xe27b36},
	    {0x7a2f5c, 0xf0b35a, 0xf3e6d2}, {0x39735a, 0xf1e2b4, 0xd7592f}};
	struct rng rng = rng_seed(m->seed + 77);
	float wide = (float)m->width / m->unit;
	int count = 5 + rng_pick(&rng, BALLOONS_MAX - 4);
	for (int i = 0; i < count; i++) {
		float near = (float)(i + 1) / (float)count;
		struct balloon b = {
		    .far = 0.85f - 0.85f * near, .seed = rng_bits(&rng)};
		float slot = fract((float)i * 0.618f + 0.21f);
		b.x = wide * (0.08f + 0.84f * slot) * m->unit;
		b.y = rng_range(&rng, 0.14f, 0.42f) * m->unit;
		b.radius = mixf(0.014f, 0.095f, near * near) * m->unit;
		int kind = rng_pick(&rng, 5);
		for (int k = 0; k < 3; k++)
			b.cloth[k] = rgb_hex(cloth[kind][k]);
		balloon_paint(m, f, &b);
	}
}

void
scene_mountains(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][5] = {
	    /* zenith, low, glow, haze, rock */
	    {0x6f93b8, 0xf3d3a4, 0xffb45e, 0xe6bc92, 0x2a3038},
	    {0x5f7bb0, 0xf2b9b4, 0xff8f78, 0xd7a3b0, 0x222a42},
	    {0x5d8fc4, 0xcfe0ea, 0xfff0d2, 0xa9c3d6, 0x17262e},
	    {0x7fa3c8, 0xf7dcb4, 0xffc074, 0xe8c7a0, 0x2c3a3a}};
	static struct mountains m; /* too big for the stack */
	struct rng rng = rng_seed(shot->seed);
	int mood = shot->mood & 3;
	m.width = studio->picture.width;
	m.height = studio->picture.height;
	m.unit = (float)m.height;
	m.seed = rng_bits(&rng) & 0xffffff;
	m.zenith = rgb_hex(colours[mood][0]);
	m.low = rgb_hex(colours[mood][1]);
	m.glow = rgb_hex(colours[mood][2]);
	m.haze = rgb_hex(colours[mood][3]);
	m.rock = rgb_scale(rgb_hex(colours[mood][4]), 0.6f);
	float wide = (float)m.width / m.unit;
	m.sun_x = wide * rng_range(&rng, 0.22f, 0.78f);
	m.sun_y = mood == 2 ? -0.3f : rng_range(&rng, 0.30f, 0.40f);
	crests_make(&m);
	frame_shade(&studio->picture, mountains_shade, &m);
	if (mood == 3)
		balloons_paint(&m, &studio->picture);
	studio->look.exposure = 0.82f;
	studio->look.bloom = 0.10f;
	studio->look.shade_tint = rgb_of(0.96f, 1.0f, 1.06f);
}
