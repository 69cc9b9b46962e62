/* An arcade in hard sun, in black and white.
 *
 * A passage along z with round arches in its left wall, traced as a distance
 * field; the sun comes in through the arches.
 *
 * Moods: 0 black and white, 1 warm limestone in colour, 2 black and white
 * from a low eye.
 */
#include "scene.h"

struct arcade {
	float width, height, focal;
	struct v3 eye;
	float shift_x, shift_y;      /* of the vanishing point, focal lengths */
	float pitch, radius, spring; /* of the arches, metres */
	struct v3 sun_at;
	struct rgb stone, floor, sun, sky;
	uint32_t seed;
};

enum {
	STEPS_MAX = 90
};

static const float wall_x = 2.0f, wall_thick = 0.32f, vault_y = 3.3f;
static const float passage_end = 34.0f;

/* Distance to an opening's outline in the plane of the wall; negative in it. */
static float
opening_at(const struct arcade *s, float y, float z)
{
	float along = (fract(z / s->pitch) - 0.5f) * s->pitch;
	if (y < s->spring)
		return fabsf(along) - s->radius;
	return sqrtf(sqf(along) + sqf(y - s->spring)) - s->radius;
}

static float
field_at(const struct arcade *s, struct v3 p)
{
	float wall = fabsf(p.x + wall_x + wall_thick) - wall_thick;
	float open = opening_at(s, p.y, p.z);
	/* A moulding runs round each arch. */
	float rib = wall - 0.05f;
	float ring = fabsf(open - 0.16f) - 0.07f;
	float hole = wall > -open ? wall : -open;
	float trim = rib > ring ? rib : ring;
	trim = trim > -open ? trim : -open;
	float d = hole < trim ? hole : trim;
	float right = wall_x - p.x;
	d = right < d ? right : d;
	float floor_d = p.y;
	d = floor_d < d ? floor_d : d;
	float vault = p.y > vault_y ? wall_x + 0.1f -
	                                  sqrtf(p.x * p.x + sqf(p.y - vault_y))
	                            : 9;
	/* Cross ribs of the vault between the arches. */
	float rib_z = fabsf(fract(p.z / s->pitch) - 0.5f) * s->pitch;
	if (rib_z > s->pitch * 0.5f - 0.16f)
		vault -= 0.12f;
	/* Outside, left of the wall, there is no vault. */
	if (p.x < -wall_x - 0.3f)
		vault = 9;
	d = vault < d ? vault : d;
	float end = passage_end - p.z;
	float gate = fabsf(p.x) - 0.9f;
	float gate_top = p.y - 2.4f;
	gate = gate > gate_top ? gate : gate_top;
	end = end > -gate ? end : -gate;
	return end < d ? end : d;
}

static struct v3
normal_at(const struct arcade *s, struct v3 p)
{
	float e = 0.004f, d = field_at(s, p);
	return v3_unit(v3_of(field_at(s, v3_of(p.x + e, p.y, p.z)) - d,
	    field_at(s, v3_of(p.x, p.y + e, p.z)) - d,
	    field_at(s, v3_of(p.x, p.y, p.z + e)) - d));
}

/* The sun's way out is through an arch, on both faces of the wall. */
static float
sunlit_at(const struct arcade *s, struct v3 p)
{
	float light = 1;
	for (int i = 0; i < 3; i++) {
		float plane = -wall_x - wall_thick * (float)i;
		float t = (plane - p.x) / s->sun_at.x;
		if (t <= 0)
			continue;
		float open =
		    opening_at(s, p.y + s->sun_at.y * t, p.z + s->sun_at.z * t);
		float soft = 0.012f + 0.010f * t;
		float seen = clampf(0.5f - open / soft, 0, 1);
		light = seen < light ? seen : light;
	}
	return light;
}

static float
hollow_at(const struct arcade *s, struct v3 p, struct v3 n)
{
	float open = 0, weight = 1;
	for (int i = 1; i <= 4; i++) {
		float t = 0.13f * (float)(i * i);
		open +=
		    weight * clampf(field_at(s, v3_madd(p, n, t)) / t, 0, 1);
		weight *= 0.75f;
	}
	return clampf(open / 2.73f, 0, 1);
}

static struct rgb
stone_at(const struct arcade *s, struct v3 p, struct v3 n)
{
	if (n.y > 0.9f) { /* flagstones */
		float x = p.x / 0.62f,
		      z = p.z / 0.62f + (float)(floori(p.x / 0.62f) & 1) * 0.5f;
		float fx = fabsf(fract(x) - 0.5f), fz = fabsf(fract(z) - 0.5f);
		float joint = rise(0.465f, 0.49f, fx > fz ? fx : fz);
		float tone =
		    0.72f +
		    0.35f * hash_unit(hash3(floori(x), floori(z), 0, s->seed)) +
		    0.22f * fbm2(p.x * 5, p.z * 5, 5, s->seed);
		return rgb_scale(s->floor, tone * (1 - 0.65f * joint));
	}
	float u = fabsf(n.x) > 0.7f ? p.z : p.x;
	float stain = fbm2(u * 0.9f, p.y * 0.5f, 5, s->seed + 3);
	float rough = fbm2(u * 9, p.y * 9, 4, s->seed + 4);
	float streak = noise2(u * 7, p.y * 0.7f, s->seed + 5);
	float tone = 0.86f + 0.24f * stain + 0.12f * rough + 0.06f * streak -
	             0.35f * rise(0.5f, 0, p.y) * (0.5f + stain);
	return rgb_scale(s->stone, clampf(tone, 0.1f, 1.3f));
}

static struct rgb
light_at(const struct arcade *s, struct v3 p, struct v3 n)
{
	float lit = clampf(v3_dot(n, s->sun_at), 0, 1);
	if (lit > 0)
		lit *= sunlit_at(s, p);
	float open = hollow_at(s, p, n);
	/* Sky through the arches, and the sunny floor's light from below. */
	float side = 0.5f - 0.5f * n.x * (p.x > -wall_x ? 1.0f : -1.0f);
	float near_arch = rise(2.6f, 0.2f, opening_at(s, p.y, p.z));
	struct rgb c =
	    rgb_scale(s->sky, (0.05f + 0.20f * side * near_arch) * open);
	float bounce =
	    (0.55f - 0.45f * n.y) * rise(5.5f, 0, p.y) * (0.3f + 0.7f * open);
	c = rgb_madd(c, rgb_mul(s->sun, s->floor), 0.085f * bounce);
	return rgb_madd(c, s->sun, lit);
}

static struct rgb
arcade_shade(const void *scene, float x, float y)
{
	const struct arcade *s = scene;
	struct v3 ray =
	    v3_unit(v3_of((x - s->width * 0.5f) / s->focal + s->shift_x,
		(s->height * 0.5f - y) / s->focal + s->shift_y, 1));
	float t = 0.05f, d = 1;
	struct v3 p = s->eye;
	for (int i = 0; i < STEPS_MAX && d > 0.0012f * t && t < 60; i++) {
		p = v3_madd(s->eye, ray, t);
		d = field_at(s, p);
		t += d * 0.95f;
	}
	struct rgb outside = rgb_scale(s->sky, 1.9f);
	if (t > 55 || p.z > passage_end + 0.8f)
		return outside;
	if (p.x < -wall_x - 2 * wall_thick - 0.02f) {
		/* The court: sunny ground, a pale wall far off. */
		float tone = p.y < 0.05f ? 1.5f : 1.9f;
		return rgb_scale(s->sky,
		    tone * (0.92f + 0.08f * fbm2(p.x, p.z, 3, s->seed)));
	}
	struct v3 n = normal_at(s, p);
	float rough = fbm2(p.z * 16 + p.x * 7, p.y * 16, 3, s->seed + 7);
	n = v3_unit(v3_of(n.x, n.y + 0.05f * rough, n.z + 0.05f * rough));
	struct rgb c = rgb_mul(stone_at(s, p, n), light_at(s, p, n));
	float air = 1 - expf(-t * 0.012f);
	return rgb_mix(c, rgb_scale(s->sky, 0.5f), air);
}

void
scene_arcade(struct studio *studio, const struct shot *shot)
{
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	struct arcade s = {
	    .width = (float)f->width, .height = (float)f->height};
	s.seed = rng_bits(&rng) & 0xffffff;
	s.focal = (s.width < s.height ? s.width * 0.85f : s.height * 0.80f);
	bool is_low = shot->mood == 2;
	s.eye = v3_of(rng_range(&rng, 0.1f, 0.9f),
	    is_low ? 0.55f : rng_range(&rng, 1.45f, 1.8f), 0.6f);
	s.shift_x = rng_range(&rng, -0.14f, 0.05f);
	s.shift_y = is_low ? 0.30f : rng_range(&rng, -0.02f, 0.18f);
	s.pitch = rng_range(&rng, 2.5f, 3.3f);
	s.radius = s.pitch * rng_range(&rng, 0.34f, 0.40f);
	s.spring = rng_range(&rng, 1.6f, 2.1f);
	s.sun_at = v3_unit(v3_of(
	    -1, rng_range(&rng, 0.62f, 0.95f), rng_range(&rng, -0.35f, 0.6f)));
	bool is_colour = shot->mood == 1;
	s.stone = is_colour ? rgb_hex(0xe2c9a0) : rgb_hex(0xcfcfcf);
	s.floor = is_colour ? rgb_hex(0xc2a47c) : rgb_hex(0xb4b4b4);
	s.sun = is_colour ? rgb_of(3.4f, 2.7f, 1.9f) : rgb_of(3.1f, 3.1f, 3.1f);
	s.sky =
	    is_colour ? rgb_of(0.75f, 0.9f, 1.15f) : rgb_of(0.9f, 0.9f, 0.9f);
	frame_shade(&studio->picture, arcade_shade, &s);
	studio->look.is_monochrome = !is_colour;
	studio->look.exposure = 0.82f;
	studio->look.contrast = 0.35f;
	studio->look.bloom = 0.12f;
	studio->look.grain = is_colour ? 2.4f : 4.5f;
	studio->look.vignette = 0.42f;
	if (!is_colour) {
		studio->look.shade_tint = rgb_of(1.02f, 1.0f, 0.97f);
		studio->look.light_tint = rgb_of(1.01f, 1.0f, 0.985f);
	}
}
