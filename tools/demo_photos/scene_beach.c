/* A beach from straight above.
 *
 * Moods: 0 turquoise water and pale sand, 1 dark volcanic sand, 2 pale sand
 * with a small boat.
 */
#include "scene.h"

struct beach {
	float width, height;
	float turn_c, turn_s; /* from the picture to the shore's direction */
	float shore;          /* where it lies, heights */
	struct rgb dry, wet, shallow, middle, deep;
	uint32_t seed;
};

/* How far out in the sea a place is, in picture heights; negative ashore. */
static float
depth_at(const struct beach *b, float u, float v)
{
	float along = u * b->turn_c + v * b->turn_s;
	float out = v * b->turn_c - u * b->turn_s;
	float bay = 0.11f * noise2(along * 0.9f, 2, b->seed) +
	            0.030f * noise2(along * 3.1f, 5, b->seed + 1) +
	            0.010f * noise2(along * 11, 9, b->seed + 2);
	return out - bay - b->shore;
}

/* Lace: the holes that bubbles leave in a sheet of foam. */
static float
lace_at(const struct beach *b, float u, float v, float holes)
{
	float wx = u + 0.012f * noise2(u * 30, v * 30, b->seed + 10),
	      wy = v + 0.012f * noise2(u * 30 + 7, v * 30, b->seed + 11);
	struct cell coarse = cell2(wx * 32, wy * 32, b->seed + 12),
		    fine = cell2(wx * 95, wy * 95, b->seed + 13);
	float net = rise(0.02f + 0.24f * (1 - holes), 0.0f,
	    coarse.second - coarse.near - 0.05f);
	float small = rise(0.30f, 0.05f, fine.second - fine.near) * 0.6f;
	return clampf(net + small * (1 - holes), 0, 1);
}

static float
foam_at(const struct beach *b, float u, float v, float d)
{
	float along = u * b->turn_c + v * b->turn_s;
	float sum = 0;
	/* The swash and two breakers, each with a ragged edge. */
	static const float where[] = {0.012f, 0.105f, 0.25f};
	for (int i = 0; i < 3; i++) {
		float edge =
		    where[i] +
		    0.035f * noise2(along * 2.4f, (float)i * 7, b->seed + 20) +
		    0.012f * fbm2(along * 14, (float)i * 3, 3, b->seed + 21);
		float behind = d - edge;
		float gaps = i == 0 ? 1
		                    : rise(-0.35f, 0.25f,
					  noise2(along * 1.7f, (float)i * 9 + 4,
					      b->seed + 22));
		float body = rise(-0.002f, 0.004f, behind) *
		             expf(-behind * (i == 0 ? 22.0f : 30.0f));
		float crest = bell(behind - 0.004f, 0.006f);
		float share = clampf(1.25f * body * gaps, 0, 1);
		if (share < 0.01f && crest < 0.01f)
			continue;
		float net = lace_at(b, u, v, 1 - share);
		float foam = clampf(share * 1.5f * net + crest * gaps +
					rise(0.75f, 1, share) * 0.8f,
		    0, 1);
		sum = foam > sum ? foam : sum;
	}
	return sum;
}

static struct rgb
sand_at(const struct beach *b, float u, float v, float d)
{
	float tone = 1 + 0.10f * fbm2(u * 3, v * 3, 5, b->seed + 30) +
	             0.10f * fbm2(u * 90, v * 90, 3, b->seed + 31);
	float ripple =
	    sinf((d + 0.02f * noise2(u * 6, v * 6, b->seed + 32)) * 260) *
	    rise(-0.30f, -0.12f, d);
	struct rgb c = rgb_scale(b->dry, tone + 0.025f * ripple);
	/* Footprints and small stones. */
	struct cell stone = cell2(u * 55, v * 55, b->seed + 33);
	if (hash_unit(stone.hash) > 0.94f)
		c = rgb_scale(c, 1 - 0.45f * rise(0.16f, 0.08f, stone.near));
	float edge = 0.02f * fbm2(u * 4, v * 4, 4, b->seed + 34);
	float damp = rise(-0.085f, -0.05f, d + edge);
	c = rgb_mix(c, rgb_scale(b->wet, 0.9f + 0.3f * (tone - 1)), damp);
	float mirror = rise(-0.030f, 0.0f, d + edge * 0.5f);
	return rgb_mix(
	    c, rgb_madd(b->wet, rgb_hex(0xaac4d8), 0.25f), 0.5f * mirror);
}

static struct rgb
beach_shade(const void *scene, float x, float y)
{
	const struct beach *b = scene;
	float u = x / b->height, v = y / b->height;
	float d = depth_at(b, u, v);
	struct rgb c = sand_at(b, u, v, d);
	float film = 0.012f * fbm2(u * 6, v * 6, 3, b->seed + 40);
	if (d + film > 0) {
		float floor_d =
		    d + 0.05f * fbm2(u * 2.2f, v * 2.2f, 4, b->seed + 41) *
			    rise(0.05f, 0.3f, d);
		struct rgb sea =
		    rgb_mix(b->shallow, b->middle, rise(0.02f, 0.28f, floor_d));
		sea = rgb_mix(sea, b->deep, rise(0.22f, 0.95f, floor_d));
		/* Swell: long crests along the shore, caught by the sky. */
		float along = u * b->turn_c + v * b->turn_s;
		float swell = noise2(d * 20 + 1.2f * noise2(along * 2, d * 3,
							 b->seed + 42),
				  along * 2.3f, b->seed + 43) +
		              0.6f * fbm2(d * 60, along * 22, 4, b->seed + 44);
		float net =
		    1 - fabsf(noise2(u * 26 + swell, v * 26, b->seed + 45) +
			      noise2(u * 26, v * 26 + swell, b->seed + 46));
		float caustic =
		    powf(clampf(net, 0, 1), 5) * rise(0.4f, 0.03f, d);
		sea = rgb_scale(sea, 1 + 0.16f * swell + 0.30f * caustic);
		struct rgb through = rgb_mul(c, rgb_of(0.75f, 0.97f, 0.95f));
		c = rgb_mix(through, sea, rise(0.0f, 0.12f, d + film));
	}
	float foam = foam_at(b, u, v, d);
	/* Foam throws a little shadow on the ground below it. */
	float shade = 0;
	if (d > -0.05f && d < 0.5f && foam < 0.9f)
		shade = foam_at(b, u - 0.003f, v - 0.004f,
		    depth_at(b, u - 0.003f, v - 0.004f));
	c = rgb_scale(c, 1 - 0.22f * clampf(shade - foam, 0, 1));
	float bubbly = 0.9f + 0.12f * fbm2(u * 120, v * 120, 2, b->seed + 47);
	return rgb_mix(c, rgb_scale(rgb_of(0.93f, 0.95f, 0.95f), bubbly), foam);
}

/* A rowing boat from above, with its shadow on the sea floor. */
static void
boat_paint(const struct frame *f, float cx, float cy, float size, float turn)
{
	float dc = cosf(turn), ds = sinf(turn);
	for (int pass = 0; pass < 2; pass++) {
		float off = pass ? 0 : size * 0.22f;
		for (int y = (int)(cy - size); (float)y < cy + size * 1.4f;
		     y++) {
			for (int x = (int)(cx - size);
			     (float)x < cx + size * 1.4f; x++) {
				if (x < 0 || y < 0 || x >= f->width ||
				    y >= f->height)
					continue;
				float px = ((float)x - cx - off) / size,
				      py = ((float)y - cy - off) / size;
				float u = px * dc + py * ds,
				      v = py * dc - px * ds;
				float half =
				    0.25f *
				    powf(clampf(1 - powf(fabsf(u),
							u > 0 ? 2.2f : 4.5f),
					     0, 1),
					0.6f);
				float in = half - fabsf(v);
				if (!pass) {
					float *p = frame_at(f, x, y);
					float dark =
					    0.45f * rise(-0.06f, 0.06f, in);
					for (int i = 0; i < 3; i++)
						p[i] *= 1 - dark;
					continue;
				}
				struct rgb c = rgb_scale(rgb_hex(0xb98a58),
				    0.75f + 0.25f * sinf(v * 90) * 0.3f +
					0.25f * v);
				float bench = rise(0.07f, 0.055f,
				    fabsf(fabsf(u + 0.1f) - 0.33f));
				c = rgb_mix(c, rgb_hex(0xe2c898), bench);
				if (in < 0.045f)
					c = rgb_scale(rgb_hex(0xf2efe8),
					    v < 0 ? 1.0f : 0.8f);
				frame_lay(
				    f, x, y, c, clampf(in * size + 0.5f, 0, 1));
			}
		}
	}
}

void
scene_beach(struct studio *studio, const struct shot *shot)
{
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	struct beach b = {.width = (float)f->width, .height = (float)f->height};
	b.seed = rng_bits(&rng) & 0xffffff;
	bool is_dark = shot->mood == 1;
	b.dry = is_dark ? rgb_hex(0x4a4644) : rgb_hex(0xe6d3b0);
	b.wet = is_dark ? rgb_hex(0x221f20) : rgb_hex(0xb4966c);
	b.shallow = is_dark ? rgb_hex(0x5f8f90) : rgb_hex(0x8fd8cc);
	b.middle = is_dark ? rgb_hex(0x2a6a78) : rgb_hex(0x28a8b0);
	b.deep = is_dark ? rgb_hex(0x12384c) : rgb_hex(0x0c5f8c);
	/* The line from where the sea begins, turned a little. */
	float turn =
	    rng_range(&rng, 0.25f, 0.75f) * (rng_pick(&rng, 2) ? 1.0f : -1.0f);
	b.turn_c = cosf(turn);
	b.turn_s = sinf(turn);
	float middle = 0.5f * (b.turn_c - b.width / b.height * b.turn_s);
	b.shore = middle - rng_range(&rng, 0.12f, 0.24f);
	frame_shade(&studio->picture, beach_shade, &b);
	if (shot->mood == 2) {
		float best_x = b.width * 0.5f, best_y = b.height * 0.6f;
		for (int i = 0; i < 60; i++) {
			float x = b.width * rng_range(&rng, 0.2f, 0.8f),
			      y = b.height * rng_range(&rng, 0.2f, 0.85f);
			float d = depth_at(&b, x / b.height, y / b.height);
			if (d > 0.33f && d < 0.5f) {
				best_x = x;
				best_y = y;
				break;
			}
		}
		boat_paint(f, best_x, best_y, b.height * 0.055f,
		    rng_range(&rng, 0, TAU));
	}
	studio->look.exposure = 0.80f;
	studio->look.contrast = 0.15f;
	studio->look.bloom = 0.06f;
}
