/* A clear night: the Milky Way over a dark ridge.
 *
 * Moods: 0 a ridge of conifers, 1 with a lit tent, 2 mirrored in a lake.
 */
#include "scene.h"

struct night {
	float width, height;
	float cx, cy, tilt_c, tilt_s; /* the band's middle and direction */
	struct rgb zenith, low, airglow;
	uint32_t seed;
};

/* Places along and across the band, in picture heights. */
static void
band_place(const struct night *n, float x, float y, float *along, float *across)
{
	float u = (x - n->cx) / n->height, v = (y - n->cy) / n->height;
	*along = u * n->tilt_c + v * n->tilt_s;
	*across = v * n->tilt_c - u * n->tilt_s;
}

/* Starlight of the band, and how much of it the dust lets through. */
static float
band_light(const struct night *n, float along, float across, float *dust)
{
	uint32_t seed = n->seed;
	float bend = across + 0.05f * fbm2(along * 2, 4, 3, seed + 1);
	float wide = 0.13f + 0.09f * bell(along - 0.05f, 0.42f);
	float light =
	    bell(bend, wide) * (0.35f + 0.8f * bell(along - 0.05f, 0.55f));
	light *= 0.72f + 0.55f * fbm2(along * 5, bend * 7, 5, seed + 2);
	float wx = along * 3.2f + 0.5f * fbm2(along * 4, bend * 4, 4, seed + 3);
	float wy =
	    bend * 6.5f + 0.5f * fbm2(along * 4 + 9, bend * 4, 4, seed + 4);
	float lane = ridge2(wx, wy, 6, seed + 5) * 1.5f - 0.42f +
	             0.35f * fbm2(along * 6, bend * 9, 5, seed + 6);
	lane *= bell(bend - 0.02f, 0.13f);
	*dust = 1 - 0.92f * clampf(lane * 1.5f, 0, 1);
	return clampf(light, 0, 2);
}

static struct rgb
sky_shade(const void *scene, float x, float y)
{
	const struct night *n = scene;
	float v = y / n->height;
	struct rgb c = rgb_mix(n->zenith, n->low, rise(0.15f, 0.95f, v));
	float ripple =
	    1 + 0.25f * fbm2(x / n->height * 2, v * 7, 3, n->seed + 9);
	c = rgb_madd(c, n->airglow, rise(0.4f, 0.92f, v) * ripple);
	float along, across, dust;
	band_place(n, x, y, &along, &across);
	float light = band_light(n, along, across, &dust);
	float core = bell(along - 0.05f, 0.45f) * bell(across, 0.12f);
	struct rgb hue = rgb_mix(rgb_of(0.62f, 0.74f, 1.0f),
	    rgb_of(1.0f, 0.80f, 0.58f), clampf(core * 1.2f, 0, 1));
	c = rgb_madd(c, hue, 0.34f * light * dust);
	/* Rose nebulae here and there in the band. */
	float rose =
	    rise(0.45f, 0.8f, fbm2(along * 9, across * 9, 3, n->seed + 11)) *
	    light;
	return rgb_madd(c, rgb_of(0.5f, 0.10f, 0.20f), 0.25f * rose);
}

/* The countless stars too faint to tell apart. */
static void
stardust_add(const struct night *n, const struct frame *f, int end)
{
	for (int y = 0; y < end; y++) {
		for (int x = 0; x < f->width; x++) {
			uint32_t h = hash3(x, y, 0, n->seed + 20);
			float u = hash_unit(h);
			if (u < 0.90f)
				continue;
			float *p = frame_at(f, x, y);
			float l = rgb_luma(rgb_of(p[0], p[1], p[2]));
			float k = l * 1.6f * sqf((u - 0.90f) * 10) *
			          sqf((u - 0.90f) * 10);
			float warm = hash_unit(hash_next(h)) * 0.4f;
			p[0] += k * (0.8f + warm);
			p[1] += k;
			p[2] += k * (1.2f - warm);
		}
	}
}

static void
stars_add(const struct night *n, const struct frame *f, struct rng *rng)
{
	int count = (int)(n->width * n->height / 420.0f);
	for (int i = 0; i < count; i++) {
		float x = rng_range(rng, 0, n->width),
		      y = rng_range(rng, 0, n->height);
		float along, across;
		band_place(n, x, y, &along, &across);
		float crowd = 0.5f + 0.8f * bell(across, 0.16f);
		float keep = rng_range(rng, 0, 1.3f), u = rng_range(rng, 0, 1);
		float warm = rng_range(rng, 0, 1);
		if (keep > crowd)
			continue;
		float flux = 0.11f * powf(u + 0.004f, -0.78f);
		struct rgb hue = rgb_mix(rgb_of(0.68f, 0.82f, 1.25f),
		    rgb_of(1.2f, 0.92f, 0.62f), warm * warm);
		frame_glow(f, x, y, 0.62f + 0.12f * clampf(flux, 0, 3),
		    rgb_scale(hue, flux));
		if (flux > 0.8f)
			frame_glow(
			    f, x, y, 3.2f, rgb_scale(hue, flux * 0.035f));
	}
}

/* Height of a conifer's outline at `away` from its trunk; unit tree. */
static float
conifer(float away, float wave, uint32_t seed)
{
	float y = 1 - away * 5.2f;
	return y + 0.10f * noise2(wave * 14, y * 6, seed) +
	       0.05f * noise2(wave * 40, 1, seed);
}

static float
ground_row(const struct night *n, float x)
{
	float u = x / n->height;
	float row =
	    0.885f - 0.16f * (fbm2(u * 1.1f, 2, 6, n->seed + 30) + 0.15f);
	float tallest = 0;
	int cell = floori(u * 26);
	for (int i = cell - 2; i <= cell + 2; i++) {
		uint32_t h = hash3(i, 0, 0, n->seed + 31);
		float at = ((float)i + hash_unit(h)) / 26;
		float dense = rise(
		    -0.1f, 0.5f, noise2((float)i * 0.11f, 5, n->seed + 32));
		float tall =
		    dense * (0.02f + 0.10f * sqf(hash_unit(hash_next(h))));
		float y = tall > 0.012f ? tall * conifer(fabsf(u - at) / tall,
						     (u - at) / tall, h)
		                        : 0;
		tallest = y > tallest ? y : tallest;
	}
	return (row - tallest) * n->height;
}

static void
ground_paint(const struct night *n, const struct frame *f)
{
	struct rgb dark = rgb_scale(n->low, 0.035f);
	for (int x = 0; x < f->width; x++) {
		float row = ground_row(n, (float)x + 0.5f);
		for (int y = (int)row; y < f->height; y++) {
			float u = (float)x / n->height,
			      v = (float)y / n->height;
			float k =
			    1 + 0.8f * fbm2(u * 60, v * 90, 4, n->seed + 40);
			frame_lay(f, x, y, rgb_scale(dark, k),
			    clampf((float)y + 1 - row, 0, 1));
		}
	}
}

/* A tent lit from inside, its foot at (x, y). */
static void
tent_paint(
    const struct night *n, const struct frame *f, float x, float y, float size)
{
	frame_glow(
	    f, x, y - size * 0.2f, size * 1.5f, rgb_of(0.10f, 0.05f, 0.018f));
	for (int row = (int)(y - size * 0.75f); (float)row < y; row++) {
		for (int col = (int)(x - size * 1.1f);
		     (float)col < x + size * 1.1f; col++) {
			if (row < 0 || row >= f->height || col < 0 ||
			    col >= f->width)
				continue;
			float u = ((float)col + 0.5f - x) / size,
			      v = (y - (float)row) / size;
			float roof = 0.68f * (1 - powf(fabsf(u), 1.7f));
			float cover = clampf((roof - v) * size + 0.5f, 0, 1);
			float lamp = 0.35f + 1.1f * bell(u - 0.1f, 0.5f) *
			                         bell(v - 0.18f, 0.4f);
			float pole = 1 -
			             0.45f * bell(u - 0.42f * (1 - v), 0.03f) -
			             0.45f * bell(u + 0.5f * (1 - v), 0.03f);
			float fold =
			    1 + 0.15f * fbm2(u * 4, v * 7, 3, n->seed + 50);
			frame_lay(f, col, row,
			    rgb_scale(
				rgb_of(1.5f, 0.68f, 0.16f), lamp * pole * fold),
			    cover);
		}
	}
}

/* Turns what is below `shore` into a mirror with faint ripples. */
static void
lake_paint(const struct night *n, const struct frame *f, float shore)
{
	for (int y = (int)shore; y < f->height; y++) {
		float below = (float)y + 0.5f - shore;
		for (int x = 0; x < f->width; x++) {
			float u = (float)x / n->height, v = below / n->height;
			float ripple = fbm2(u * 12, 60 * sqrtf(v + 0.002f) * 3,
			    3, n->seed + 60);
			float up = shore - below * 1.05f -
			           ripple * (2 + below * 0.05f);
			struct rgb c = frame_colour(
			    f, (float)x + 0.5f + ripple * 3, up < 0 ? 0 : up);
			c = rgb_scale(c, 0.62f);
			frame_lay(f, x, y, rgb_madd(c, n->low, 0.05f), 1);
		}
	}
}

void
scene_milkyway(struct studio *studio, const struct shot *shot)
{
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	struct night n = {.width = (float)f->width, .height = (float)f->height};
	n.seed = rng_bits(&rng) & 0xffffff;
	n.cx = n.width * rng_range(&rng, 0.4f, 0.6f);
	n.cy = n.height * rng_range(&rng, 0.40f, 0.5f);
	float tilt =
	    (rng_pick(&rng, 2) ? 1.0f : -1.0f) * rng_range(&rng, 0.7f, 1.25f);
	n.tilt_c = cosf(tilt);
	n.tilt_s = sinf(tilt);
	n.zenith = rgb_scale(rgb_hex(0x0d1a33), 1.2f);
	n.low = rgb_scale(rgb_hex(0x26406a), 1.3f);
	n.airglow = rng_pick(&rng, 2) ? rgb_of(0.05f, 0.055f, 0.022f)
	                              : rgb_of(0.085f, 0.045f, 0.03f);
	frame_shade(&studio->picture, sky_shade, &n);
	stardust_add(&n, f, f->height);
	stars_add(&n, f, &rng);
	ground_paint(&n, f);
	if (shot->mood == 1) {
		float x = n.width * rng_range(&rng, 0.25f, 0.75f);
		float y = n.height * 0.955f;
		tent_paint(&n, f, x, y, n.height * 0.055f);
	}
	if (shot->mood == 2)
		lake_paint(&n, f, n.height * 0.86f);
	studio->look.exposure = 1.15f;
	studio->look.bloom = 0.06f;
	studio->look.grain = 4.0f;
	studio->look.soft = 0.03f;
	studio->look.vignette = 0.4f;
	studio->look.shade_tint = rgb_of(0.95f, 1.0f, 1.08f);
}
