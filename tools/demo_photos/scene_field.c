/* Rows of a crop running to the horizon.
 *
 * Moods: 0 lavender at sunset, 1 tulips, 2 tea in the morning, 3 lavender by
 * day.
 */
#include "scene.h"
#include "terrain.h"

struct field {
	float width, height, focal, horizon;
	float pitch, tall; /* metres from row to row, height of a row */
	float turn;        /* x per z along the rows */
	struct v3 sun_at;
	struct rgb zenith, low, sun, ambient, cloud;
	struct rgb bloom, leaf, soil;
	int mood;
	uint32_t seed;
};

/* Where in its row a place is: -0.5 .. 0.5, 0 on the crest. */
static float
row_place(const struct field *s, float x, float z, int *row)
{
	float across = (x - s->turn * z) / s->pitch +
	               0.12f * noise2(x * 0.3f, z * 0.1f, s->seed);
	*row = floori(across);
	return across - (float)*row - 0.5f;
}

static float
field_height(const void *scene, float x, float z)
{
	const struct field *s = scene;
	int row;
	float place = row_place(s, x, z, &row);
	float bush =
	    noise2(z * 1.7f / s->pitch, (float)row * 3.1f, s->seed + 1);
	float wide = 0.36f + 0.05f * bush;
	float dome = clampf(1 - sqf(place / wide), 0, 1);
	float spiky = 0.9f * fbm2(x * 7, z * 7, z < 14 ? 4 : 2, s->seed + 2);
	float fine = rise(70, 6, z);
	float hill = 3.5f * rise(60, 420, z) *
	             (0.6f + noise2(x / 190, z / 260, s->seed + 4));
	return s->tall * sqrtf(dome) *
	           (0.86f + 0.16f * bush + 0.20f * fine * spiky) +
	       hill;
}

static struct rgb
crop_colour(const struct field *s, const struct hit *h, int row, float up)
{
	struct cell spike = cell2(h->x * 30, h->z * 22, s->seed + 8);
	float fleck =
	    (0.75f - 1.6f * spike.near + 0.5f * hash_unit(spike.hash)) *
	    rise(30, 5, h->far);
	fleck += 0.8f * fbm2(h->x * 11, h->z * 9, 3, s->seed + 9) *
	         rise(120, 12, h->far);
	struct rgb bloom = s->bloom;
	if (s->mood == 1) {
		static const uint32_t tulips[] = {
		    0xd8281e, 0xf0b818, 0xe86a98, 0xf4ece0, 0x8a2a88, 0xf07a20};
		bloom = rgb_scale(
		    rgb_hex(tulips[(uint32_t)(row / 3 + 60) % 6]), 0.72f);
	}
	float share = rise(0.30f, 0.75f, up + 0.22f * fleck);
	struct rgb c = rgb_mix(rgb_scale(s->leaf, 0.75f + 0.5f * fleck),
	    rgb_scale(bloom, 1 + 0.45f * fleck), share);
	return rgb_mix(s->soil, c, rise(0.03f, 0.16f, up));
}

static struct rgb
field_colour(const void *scene, const struct hit *h)
{
	const struct field *s = scene;
	int row;
	float place = row_place(s, h->x, h->z, &row);
	float hill = 3.5f * rise(60, 420, h->z) *
	             (0.6f + noise2(h->x / 190, h->z / 260, s->seed + 4));
	float up = clampf((h->y - hill) / s->tall, 0, 1.3f);
	struct v3 n = terrain_normal(
	    field_height, s, h->x, h->z, 0.05f + h->far * 0.0015f);
	struct rgb c = crop_colour(s, h, row, up);
	float lit = clampf(v3_dot(n, s->sun_at) * 0.8f + 0.2f, 0, 1);
	/* Low sun shines through the stalks against the light. */
	lit = mixf(lit, 1, 0.35f * clampf(s->sun_at.z, 0, 1) * up);
	float deep = rise(0.0f, 0.9f, up);
	float shade =
	    rise(0, 0.30f, up + (place * s->sun_at.x > 0 ? 0.12f : 0));
	struct rgb light = rgb_madd(
	    rgb_scale(s->ambient, 0.25f + 0.75f * deep), s->sun, lit * shade);
	c = rgb_mul(c, light);
	float air = 1 - expf(-h->far / 520);
	return rgb_mix(c, rgb_madd(s->low, s->sun, 0.05f),
	    air * (s->mood == 2 ? 1.0f : 0.75f));
}

static struct rgb
sky_at(const struct field *s, float a, float e)
{
	struct rgb c =
	    rgb_mix(s->low, s->zenith, powf(clampf(e * 1.7f, 0, 1), 0.65f));
	float sun_a = s->sun_at.x / s->sun_at.z,
	      sun_e = s->sun_at.y / s->sun_at.z;
	float d =
	    s->sun_at.z > 0.1f ? sqrtf(sqf(a - sun_a) + sqf(e - sun_e)) : 9;
	c = rgb_madd(c, s->sun,
	    0.30f * expf(-d * 3.2f) + 6.0f * rise(0.035f, 0.028f, d));
	float k = 1 / (e + 0.14f);
	float puff = fbm2(a * k * 0.9f, k * 1.6f, 6, s->seed + 14);
	float ahead = fbm2(a * k * 0.9f + 0.12f * (sun_a > a ? 1.0f : -1.0f),
	    k * 1.6f + 0.12f, 4, s->seed + 14);
	float thick = rise(-0.02f, 0.48f, puff) * rise(0.0f, 0.08f, e);
	struct rgb lit = rgb_madd(s->cloud, s->sun,
	    clampf(0.10f + 0.7f * (puff - ahead), 0, 0.5f) +
		0.35f * expf(-d * 2.5f));
	return rgb_mix(c, lit, 0.8f * thick);
}

static struct rgb
sky_shade(const void *scene, float x, float y)
{
	const struct field *s = scene;
	float e = (s->horizon - y) / s->focal;
	return sky_at(
	    s, (x - s->width * 0.5f) / s->focal, e > 0.002f ? e : 0.002f);
}

static void
hills_paint(const struct field *s, const struct frame *f)
{
	for (int i = 0; i < 3; i++) {
		struct rgb c = rgb_mix(rgb_scale(s->leaf, 0.35f), s->low,
		    0.78f - 0.20f * (float)i);
		for (int x = 0; x < f->width; x++) {
			float u = (float)x / s->height;
			float tall =
			    (0.055f - 0.016f * (float)i) *
				(0.7f + fbm2(u * (1.1f + (float)i),
					    (float)i * 5, 6, s->seed + 30)) +
			    0.008f;
			float trees = i == 2 ? 0.006f * (1 + fbm2(u * 60, 3, 3,
								 s->seed + 31))
			                     : 0;
			float row = s->horizon - (tall + trees) * s->height;
			for (int y = (int)row;
			     y < (int)s->horizon + 8 && y < f->height; y++)
				if (y >= 0)
					frame_lay(f, x, y, c,
					    clampf((float)y + 1 - row, 0, 1));
		}
	}
}

/* A round tree on the horizon: a trunk and a cloud of leaves. */
static void
tree_paint(const struct field *s, const struct frame *f, float x, float foot,
    float tall)
{
	struct rgb dark = rgb_mix(rgb_scale(s->leaf, 0.16f), s->low, 0.12f);
	for (int row = (int)(foot - tall * 1.05f); (float)row < foot; row++) {
		for (int col = (int)(x - tall * 0.7f);
		     (float)col < x + tall * 0.7f; col++) {
			if (row < 0 || row >= f->height || col < 0 ||
			    col >= f->width)
				continue;
			float u = ((float)col + 0.5f - x) / tall,
			      v = (foot - (float)row) / tall;
			float shape = 1 - sqrtf(sqf(u / 0.44f) +
						sqf((v - 0.64f) / 0.36f));
			float leafy =
			    shape +
			    0.30f * fbm2(u * 7, v * 7, 5, s->seed + 40) +
			    0.14f * noise2(u * 40, v * 40, s->seed + 41);
			float trunk =
			    fabsf(u + 0.03f * noise2(v * 4, 1, s->seed)) <
					0.028f + 0.03f * rise(0.12f, 0, v) &&
				    v < 0.6f
				? 1
				: 0;
			float lit = clampf(
			    0.4f + 0.8f * (u * s->sun_at.x + (v - 0.6f)) +
				0.5f * fbm2(u * 14, v * 14, 3, s->seed + 42),
			    0, 1);
			struct rgb c = rgb_madd(
			    dark, rgb_mul(s->leaf, s->sun), 0.28f * lit);
			float cover = clampf(leafy * tall * 0.05f + 0.3f, 0, 1);
			frame_lay(f, col, row, trunk > cover ? dark : c,
			    cover > trunk ? cover : trunk);
		}
	}
}

/* The lens is focused on the distance: the nearest plants are soft. */
static void
near_blur(struct studio *studio, const struct field *s)
{
	const struct frame *f = &studio->picture;
	struct frame *soft = &studio->spare[0];
	for (int pass = 0; pass < 2; pass++) {
		frame_shape(soft, f->width / 2, f->height / 2);
		frame_stretch(soft, f);
		frame_defocus(soft, &studio->spare[1],
		    s->height * (pass ? 0.0045f : 0.0018f));
		for (int y = (int)s->horizon; y < f->height; y++) {
			float v = (float)y / s->height;
			float share = pass ? rise(0.80f, 1.02f, v)
			                   : rise(0.62f, 0.84f, v);
			for (int x = 0; x < f->width && share > 0; x++)
				frame_lay(f, x, y,
				    frame_colour(soft, ((float)x + 0.5f) * 0.5f,
					((float)y + 0.5f) * 0.5f),
				    share);
		}
	}
}

void
scene_field(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][8] = {
	    /* zenith, low, sun, ambient, cloud, bloom, leaf, soil */
	    {0x4a6aa8, 0xf0b48c, 0xffa860, 0x7d7fb0, 0x9a7f98, 0x7a56c0,
		0x5d7048, 0x5a4436},
	    {0x3f7fc8, 0xc8def0, 0xfff0d0, 0x7fa0c8, 0xe8eef4, 0xd8281e,
		0x4f8038, 0x5a4a38},
	    {0x86a8b8, 0xe6e4cc, 0xffe6b0, 0x8aa8a0, 0xdfe0d4, 0x86b040,
		0x3f6a2c, 0x4a4030},
	    {0x3a78c4, 0xc4d8ec, 0xfff2d8, 0x86a0cc, 0xeef2f6, 0x7a5cc4,
		0x66804e, 0x7a604a}};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	struct field s = {.width = (float)f->width, .height = (float)f->height};
	s.mood = shot->mood & 3;
	const uint32_t *c = colours[s.mood];
	s.seed = rng_bits(&rng) & 0xffffff;
	s.zenith = rgb_hex(c[0]);
	s.low = rgb_hex(c[1]);
	s.sun = rgb_scale(rgb_hex(c[2]), 1.7f);
	s.ambient = rgb_scale(rgb_hex(c[3]), 0.75f);
	s.cloud = rgb_hex(c[4]);
	s.bloom = rgb_hex(c[5]);
	s.leaf = rgb_hex(c[6]);
	s.soil = rgb_hex(c[7]);
	s.pitch = s.mood == 1 ? 0.85f : 1.7f;
	s.tall = s.mood == 1 ? 0.42f : 0.72f;
	s.turn = rng_range(&rng, -0.22f, 0.22f);
	float side = rng_pick(&rng, 2) ? 1.0f : -1.0f;
	bool is_low = s.mood == 0 || s.mood == 2;
	s.sun_at = v3_unit(
	    v3_of(side * rng_range(&rng, 0.15f, 0.35f) * s.width / s.height,
		is_low ? 0.13f : 0.9f, is_low ? 1.0f : -0.2f));
	s.focal = s.height * (s.width > s.height ? 0.95f : 0.75f);
	s.horizon = s.height * rng_range(&rng, 0.36f, 0.44f);
	frame_shade(&studio->picture, sky_shade, &s);
	hills_paint(&s, f);
	float eye = s.mood == 1 ? 1.3f : 1.9f;
	struct terrain t = {field_height, field_colour, &s,
	    {s.pitch * 0.45f, eye, 0}, s.focal, s.horizon, 0.9f, 460, 1500};
	terrain_paint(&t, f);
	near_blur(studio, &s);
	if (s.mood != 1)
		tree_paint(&s, f, s.width * (side > 0 ? 0.27f : 0.72f),
		    s.horizon + s.height * 0.004f, s.height * 0.17f);
	studio->look.exposure = is_low ? 1.0f : 0.85f;
	studio->look.bloom = 0.12f;
	studio->look.saturation = 1.12f;
}
