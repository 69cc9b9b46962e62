/* Somebody from behind, against the evening light.
 *
 * Moods: 0 short hair, 1 a woollen hat, 2 a bun.  For small square pictures.
 */
#include "scene.h"

struct person {
	float width, height;
	float x, top, size; /* of the head, pixels */
	struct rgb hair, cloth, rim, skin;
	int mood;
	uint32_t seed;
};

static void
evening_paint(struct studio *studio, struct person *p, struct rng *rng)
{
	static const uint32_t skies[][3] = {/* top, low, ground */
	    {0x6a7fb4, 0xffc27a, 0x4a3a34}, {0x8a6a9c, 0xff9f80, 0x32283c},
	    {0x5a90a8, 0xf8e0a8, 0x3c4a3a}, {0x46608c, 0xf0b090, 0x2a3440}};
	const struct frame *f = &studio->picture;
	struct frame *small = &studio->spare[0];
	const uint32_t *sky = skies[rng_pick(rng, 4)];
	frame_shape(small, f->width / 2, f->height / 2);
	float h = (float)small->height, w = (float)small->width;
	for (int y = 0; y < small->height; y++) {
		for (int x = 0; x < small->width; x++) {
			float u = (float)x / h, v = (float)y / h;
			struct rgb c = rgb_mix(rgb_hex(sky[0]),
			    rgb_scale(rgb_hex(sky[1]), 1.25f),
			    rise(-0.1f, 0.6f, v));
			float hill = 0.62f + 0.06f * fbm2(u * 2, 1, 4, p->seed);
			c = rgb_mix(c,
			    rgb_mix(rgb_hex(sky[2]), rgb_hex(sky[1]), 0.35f),
			    rise(hill - 0.01f, hill + 0.01f, v));
			c = rgb_mix(c, rgb_hex(sky[2]),
			    rise(0.70f, 0.9f,
				v + 0.05f *
					fbm2(u * 4, v * 6, 3, p->seed + 1)));
			frame_lay(small, x, y, c, 1);
		}
	}
	frame_light(small, w * rng_range(rng, 0.25f, 0.75f), h * 0.50f,
	    h * 0.05f, rgb_of(7, 5, 2.8f));
	for (int i = 0; i < 26; i++)
		frame_light(small, rng_range(rng, 0, w),
		    h * rng_range(rng, 0.6f, 0.85f),
		    h * rng_range(rng, 0.015f, 0.04f),
		    rgb_scale(rgb_hex(sky[1]), rng_range(rng, 0.05f, 0.35f)));
	frame_defocus(small, &studio->spare[1], h * 0.022f);
	frame_stretch(f, small);
	p->rim = rgb_scale(rgb_hex(sky[1]), 1.5f);
}

/* Signed depth inside the figure (in head sizes) and which part it is. */
static float
figure_at(const struct person *p, float u, float v, int *part)
{
	float hairy = 0.020f * noise2(u * 26, v * 7, p->seed + 5) +
	              0.012f * noise2(u * 60, v * 12, p->seed + 6);
	float head = 0.50f - sqrtf(sqf(u * 1.18f) + sqf(v * 0.96f)) + hairy;
	float neck = v > 0 && v < 1.2f
	                 ? 0.20f + 0.10f * rise(0.45f, 0.85f, v) - fabsf(u)
	                 : -1;
	float slope =
	    0.60f + 0.30f * powf(clampf(fabsf(u) - 0.18f, 0, 9), 1.15f);
	float body = (v - slope) * 0.8f;
	float ear = 0.10f - hypotf((fabsf(u) - 0.43f) * 1.5f, v - 0.06f);
	float best = head;
	*part = 0;
	if (p->mood == 2) {
		float bun = 0.21f - hypotf(u, v + 0.56f) + hairy;
		best = bun > best ? bun : best;
	}
	if (p->mood == 1) {
		float hat = v < 0.06f
		                ? 0.54f - sqrtf(sqf(u * 1.1f) + sqf(v * 0.93f))
		                : -1;
		float pompom = 0.14f - hypotf(u, v + 0.66f) +
		               0.03f * noise2(u * 40, v * 40, p->seed);
		hat = pompom > hat ? pompom : hat;
		if (hat > 0) {
			*part = 3;
			best = hat > best ? hat : best;
		}
	}
	if (ear > best) {
		best = ear;
		*part = 1;
	}
	if (neck > best) {
		best = neck;
		*part = 1;
	}
	if (body > 0 && (body > best || v > 0.75f)) {
		best = body;
		*part = 2;
	}
	return best;
}

static void
figure_paint(const struct person *p, const struct frame *f)
{
	for (int y = 0; y < f->height; y++) {
		for (int x = 0; x < f->width; x++) {
			float u = ((float)x + 0.5f - p->x) / p->size,
			      v = ((float)y + 0.5f - p->top) / p->size - 0.5f;
			int part;
			float in = figure_at(p, u, v, &part);
			float cover = clampf(in * p->size + 0.5f, 0, 1);
			if (cover <= 0)
				continue;
			float edge = expf(-in * 42);
			float strand =
			    0.75f +
			    0.5f * noise2(u * 34 +
					      3 * noise2(u * 3, v * 3, p->seed),
				       v * 3.0f, p->seed + 8);
			float knit =
			    0.8f + 0.2f * sinf(v * 120) *
				       sinf(u * 110 + 2 * floorf(v * 19));
			struct rgb base =
			    part == 0   ? rgb_scale(p->hair, strand)
			    : part == 1 ? p->skin
			    : part == 2 ? rgb_scale(p->cloth,
					      0.9f + 0.2f * fbm2(u * 40, v * 40,
								3, p->seed + 9))
					: rgb_scale(p->rim, 0.10f * knit);
			float fill =
			    0.05f + 0.07f * rise(-0.6f, 0.6f, -v + 0.4f * u);
			struct rgb c = rgb_scale(base, fill);
			float shine = part == 0 ? 0.5f + 0.7f * strand : 0.8f;
			c = rgb_madd(c, p->rim,
			    0.75f * edge * shine * (part == 1 ? 0.6f : 1.0f));
			frame_lay(f, x, y, c, cover);
		}
	}
}

void
scene_person(struct studio *studio, const struct shot *shot)
{
	static const uint32_t hair[] = {0x2a1c14, 0x5a3820, 0x8a6238, 0x141416};
	static const uint32_t cloth[] = {
	    0x2c3a54, 0x6a3434, 0x3c4a3c, 0x58504a};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	struct person p = {
	    .width = (float)f->width, .height = (float)f->height};
	p.mood = shot->mood % 3;
	p.seed = rng_bits(&rng) & 0xffffff;
	p.x = p.width * rng_range(&rng, 0.44f, 0.56f);
	p.size = p.height * rng_range(&rng, 0.34f, 0.42f);
	p.top = p.height * rng_range(&rng, 0.20f, 0.25f);
	p.hair = rgb_hex(hair[rng_pick(&rng, 4)]);
	p.cloth = rgb_hex(cloth[rng_pick(&rng, 4)]);
	p.skin = rgb_hex(0x8a5f48);
	evening_paint(studio, &p, &rng);
	figure_paint(&p, f);
	studio->look.exposure = 0.85f;
	studio->look.bloom = 0.22f;
	studio->look.vignette = 0.3f;
}
