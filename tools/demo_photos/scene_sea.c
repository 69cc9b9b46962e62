/* The open sea with a low sun and its glitter.
 *
 * Moods: 0 orange sunset, 1 rose dusk, 2 silver noon haze, 3 orange sunset
 * with a sailing boat.
 */
#include "scene.h"

struct sea {
	float width, height;
	float focal, horizon; /* pixels, row */
	float eye;            /* metres above the water */
	float sun_a, sun_e;   /* tangents: across, above the horizon */
	float cover;          /* of clouds */
	struct rgb zenith, middle, low, sun, cloud, deep;
	float swell;
	uint32_t seed;
};

/* Cloud density on a plane far above, 0 .. 1. */
static float
cloud_at(const struct sea *s, float a, float e)
{
	float k = 1.0f / (e + 0.07f);
	float x = a * k * 0.85f, y = k * 0.8f;
	float warp = 0.5f * noise2(x * 0.7f, y * 1.2f, s->seed + 3);
	float d = fbm2(x * 0.55f + warp, y * 1.25f, 6, s->seed + 4);
	return rise(s->cover, s->cover + 0.55f, d) * rise(0.0f, 0.06f, e);
}

/* `is_mirror` leaves out what the waves would scramble anyway. */
static struct rgb
sky_at(const struct sea *s, float a, float e, bool is_mirror)
{
	struct rgb c = rgb_mix(s->low, s->middle, rise(-0.02f, 0.16f, e));
	c = rgb_mix(c, s->zenith, rise(0.08f, 0.75f, e));
	float da = a - s->sun_a, de = e - s->sun_e;
	float d = sqrtf(da * da + de * de);
	float warm = expf(-sqrtf(da * da * 0.5f + de * de * 2.0f) * 5.0f);
	c = rgb_madd(c, s->sun, 0.55f * warm + 1.2f * expf(-d * 22));
	float thick = is_mirror ? 0 : cloud_at(s, a, e);
	if (thick > 0.001f) {
		/* Thinner towards the sun means a lit edge. */
		float step = 0.012f / (d + 0.03f);
		float ahead = cloud_at(s, a - da * step, e - de * step);
		float lit = clampf(0.30f + 1.6f * (thick - ahead), 0, 1.4f);
		struct rgb body = rgb_mix(s->cloud, c, 0.25f);
		body = rgb_madd(
		    body, s->sun, lit * (0.10f + 0.9f * expf(-d * 2.6f)));
		c = rgb_mix(c, body, thick * 0.92f);
	}
	c = rgb_madd(c, rgb_scale(s->sun, 46),
	    rise(0.023f, 0.020f, d) * (1 - 0.9f * thick));
	return c;
}

/* Sums waves as slopes; what is finer than a pixel goes into `rough`. */
static void
waves_at(const struct sea *s, float x, float z, float foot, float slope[2],
    float *rough)
{
	float turn_c = 1, turn_s = 0, length = 14.0f;
	slope[0] = slope[1] = *rough = 0;
	for (int i = 0; i < 9; i++) {
		float steep = s->swell * (i < 3 ? 0.045f : 0.075f);
		float seen = rise(2.2f, 0.5f, foot / length);
		if (seen > 0.01f) {
			float u = (x * turn_c + z * turn_s) / (length * 1.7f);
			float v = (z * turn_c - x * turn_s) / length;
			uint32_t seed = s->seed + 60u + (uint32_t)i;
			float n = noise2(u, v, seed), e = 0.12f;
			float du = (noise2(u + e, v, seed) - n) / e / 1.7f;
			float dv = (noise2(u, v + e, seed) - n) / e;
			slope[0] += seen * steep * (du * turn_c - dv * turn_s);
			slope[1] += seen * steep * (dv * turn_c + du * turn_s);
		}
		*rough += sqf(steep) * (1 - seen * seen);
		float c = turn_c * 0.86f - turn_s * 0.51f;
		turn_s = turn_s * 0.86f + turn_c * 0.51f;
		turn_c = c;
		length *= 0.56f;
	}
	*rough = sqrtf(*rough) + 0.012f;
}

static struct rgb
water_at(const struct sea *s, float a, float e)
{
	float z = s->eye / e, x = a * z;
	float foot = z * z / (s->focal * s->eye) * 0.6f;
	float slope[2], rough;
	waves_at(s, x, z, foot, slope, &rough);
	/* Waves hide their own far sides: slopes facing us are seen more. */
	float tilt = slope[1] + 0.5f * rough;
	float up = fabsf(e + 2 * tilt) + 0.01f;
	float side = a + 2 * slope[0] * (0.4f + up);
	float graze = clampf(up * 0.75f, 0, 1);
	float fresnel = 0.03f + 0.97f * powf(1 - graze, 5.0f);
	struct rgb mirror = sky_at(s, side, up + rough * 0.7f, true);
	/* The sun in the wavelets that are too small to see. */
	float da = (side - s->sun_a) / (rough * 1.3f + 0.02f);
	float de = (up - s->sun_e) / (rough * 2.6f + 0.02f);
	float glint = expf(-0.5f * (da * da + de * de));
	mirror = rgb_madd(mirror, s->sun, 4.5f * glint);
	return rgb_add(
	    rgb_scale(mirror, fresnel), rgb_scale(s->deep, 1 - fresnel));
}

static struct rgb
sea_shade(const void *scene, float x, float y)
{
	const struct sea *s = scene;
	float a = (x - s->width * 0.5f) / s->focal;
	float e = (s->horizon - y) / s->focal;
	if (e > 0)
		return sky_at(s, a, e, false);
	struct rgb c = water_at(s, a, -e + 0.0004f);
	/* The far water fades into the air above it. */
	return rgb_mix(
	    sky_at(s, a, 0.003f, true), c, rise(-0.004f, 0.022f, -e));
}

/* A headland or an island on the horizon. */
static void
land_paint(const struct sea *s, const struct frame *f, float from, float to,
    float tall, struct rgb colour)
{
	for (int x = 0; x < f->width; x++) {
		float u = (float)x / s->width;
		float inside =
		    rise(from, from + 0.22f, u) * rise(to, to - 0.22f, u);
		float h = tall * inside * s->height *
		          (0.35f + ridge2(u * 4, 3, 6, s->seed + 90));
		int top = (int)(s->horizon - h);
		for (int y = top < 0 ? 0 : top;
		     (float)y < s->horizon && h > 0.3f; y++)
			frame_lay(f, x, y, colour,
			    clampf((float)y + 1 - (s->horizon - h), 0, 1));
	}
}

/* A small sloop against the light, mast foot at x, `tall` pixels high. */
static void
boat_paint(const struct sea *s, const struct frame *f, float x, float tall)
{
	struct rgb dark = rgb_scale(s->cloud, 0.12f);
	struct rgb sail = rgb_madd(rgb_scale(s->cloud, 0.25f), s->sun, 0.07f);
	float foot = s->horizon + tall * 0.10f;
	for (int y = (int)(foot - tall); (float)y < foot + tall * 0.55f; y++) {
		for (int col = (int)(x - tall * 0.5f);
		     (float)col < x + tall * 0.5f; col++) {
			if (y < 0 || y >= f->height || col < 0 ||
			    col >= f->width)
				continue;
			float v = (foot - (float)y) / tall,
			      u = ((float)col - x) / tall;
			if (v > 0) {
				float main =
				    0.30f *
				    powf(clampf((0.97f - v) / 0.9f, 0, 1),
					0.75f);
				float jib =
				    -0.24f * clampf((0.80f - v) / 0.75f, 0, 1);
				if (v > 0.09f && u > 0.012f && u < main)
					frame_lay(f, col, y, sail, 0.93f);
				if (v > 0.06f && u < -0.012f && u > jib)
					frame_lay(f, col, y, sail, 0.9f);
				if (fabsf(u) < 0.006f && v < 0.99f)
					frame_lay(f, col, y, dark, 1);
				if (v < 0.06f && u > -0.27f + (0.06f - v) &&
				    u < 0.25f - (0.06f - v))
					frame_lay(f, col, y, dark, 1);
			} else {
				/* Its broken reflection. */
				float waver =
				    0.06f * noise2(u * 9, v * 60, s->seed + 7);
				float cover =
				    rise(0.30f, 0.0f,
					fabsf(u + waver) + 0.3f * -v) *
				    rise(-0.5f, 0.0f, v) *
				    rise(-0.3f, 0.5f,
					noise2(u * 6, v * 45, s->seed + 8));
				frame_lay(f, col, y, dark, 0.75f * cover);
			}
		}
	}
}

static void
bird_paint(const struct frame *f, float x, float y, float span, float lift,
    struct rgb c)
{
	for (int col = (int)(x - span); (float)col < x + span; col++) {
		float u = ((float)col + 0.5f - x) / span, away = fabsf(u);
		float wing = y - span * lift *
		                     (sinf(away * 2.6f) * 0.55f - away * 0.25f);
		float thick = span * 0.075f * (1 - away) +
		              span * 0.10f * bell(u, 0.09f) + 0.35f;
		for (int row = (int)(wing - thick) - 1;
		     (float)row < wing + thick + 1; row++)
			if (row >= 0 && row < f->height && col >= 0 &&
			    col < f->width)
				frame_lay(f, col, row, c,
				    clampf(thick -
					       fabsf((float)row + 0.5f - wing) +
					       0.5f,
					0, 1));
	}
}

void
scene_sea(struct studio *studio, const struct shot *shot)
{
	static const uint32_t colours[][6] = {
	    /* zenith, middle, low, sun, cloud, deep */
	    {0x3d5f8f, 0xc9a08c, 0xf6a04a, 0xff9a3c, 0x584a60, 0x0c2430},
	    {0x3c4c86, 0xb889ae, 0xf29a8a, 0xff7d5e, 0x5c4a78, 0x141f3c},
	    {0x7fa4c0, 0xb9cad2, 0xe3e4da, 0xfff1d0, 0x8a979f, 0x12343c},
	    {0x2f5488, 0xd29a70, 0xf9a63c, 0xffa040, 0x5a4450, 0x0a2230}};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	int mood = shot->mood & 3;
	struct sea s = {.width = (float)f->width, .height = (float)f->height};
	s.seed = rng_bits(&rng) & 0xffffff;
	s.focal = 1.25f * s.height;
	s.horizon = s.height * rng_range(&rng, 0.50f, 0.60f);
	s.eye = rng_range(&rng, 3.0f, 7.0f);
	s.sun_a = rng_range(&rng, -0.28f, 0.28f) * s.width / s.height;
	s.sun_e = mood == 2 ? 0.30f : rng_range(&rng, 0.035f, 0.09f);
	s.cover = rng_range(&rng, -0.12f, 0.10f);
	s.swell = rng_range(&rng, 0.8f, 1.4f);
	s.zenith = rgb_hex(colours[mood][0]);
	s.middle = rgb_hex(colours[mood][1]);
	s.low = rgb_hex(colours[mood][2]);
	s.sun = rgb_hex(colours[mood][3]);
	s.cloud = rgb_hex(colours[mood][4]);
	s.deep = rgb_scale(rgb_hex(colours[mood][5]), 0.7f);
	frame_shade(&studio->picture, sea_shade, &s);
	struct rgb land = rgb_mix(rgb_scale(s.cloud, 0.3f), s.low, 0.2f);
	bool is_left = s.sun_a > 0;
	land_paint(&s, f, is_left ? -0.2f : 0.70f, is_left ? 0.30f : 1.2f,
	    rng_range(&rng, 0.02f, 0.07f), land);
	if (mood == 3)
		boat_paint(&s, f,
		    s.width * 0.5f +
			s.focal * (s.sun_a + (is_left ? -0.16f : 0.16f)),
		    s.height * 0.12f);
	int birds = mood == 2 ? 0 : 3 + rng_pick(&rng, 4);
	for (int i = 0; i < birds; i++)
		bird_paint(f, s.width * rng_range(&rng, 0.3f, 0.7f),
		    s.horizon - s.height * rng_range(&rng, 0.18f, 0.32f),
		    s.height * rng_range(&rng, 0.008f, 0.016f),
		    rng_range(&rng, 0.5f, 1.2f), rgb_scale(s.cloud, 0.15f));
	studio->look.exposure = mood == 2 ? 0.8f : 0.95f;
	studio->look.bloom = 0.12f;
	studio->look.vignette = 0.32f;
}
