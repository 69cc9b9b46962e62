/* Slices of citrus fruit from above.
 *
 * Moods: 0 on dark slate, 1 on pale wood, 2 on coloured paper.
 */
#include "scene.h"

enum {
	SLICES_MAX = 40,
	LEAVES_MAX = 16
};

struct slice {
	float x, y, radius, turn;
	int kind, segments;
	uint32_t hash;
};

struct leaf {
	float x, y, length, turn;
	uint32_t hash;
};

struct fruit {
	struct rgb rind, pith, pulp, deep;
};

struct board {
	float width, height;
	int mood;
	struct rgb paper;
	uint32_t seed;
};

static struct rgb
board_shade(const void *scene, float x, float y)
{
	const struct board *b = scene;
	float u = x / b->height, v = y / b->height;
	if (b->mood == 0) {
		float cleft = fbm2(u * 3, v * 3.6f, 7, b->seed);
		float layer = fbm2(u * 2 + cleft * 0.3f, v * 2, 4, b->seed + 1);
		float edge = rise(0.02f, 0.0f, fabsf(fract(layer * 3) - 0.5f));
		float tone = 0.55f + 0.5f * cleft + 0.25f * edge +
		             0.25f * fbm2(u * 60, v * 60, 3, b->seed + 2);
		return rgb_scale(rgb_hex(0x3c4148), clampf(tone, 0.15f, 2));
	}
	if (b->mood == 1) {
		float plank = v * 3.3f;
		int row = floori(plank);
		float joint = rise(0.488f, 0.497f, fabsf(fract(plank) - 0.5f));
		float shift = hash_unit(hash3(row, 0, 0, b->seed)) * 30;
		float ring = fbm2(u * 1.3f + shift, v * 14, 5, b->seed + 3);
		float fibre = noise2(u * 5 + shift, v * 190, b->seed + 4);
		float tone = 0.86f + 0.30f * sinf(ring * 13) * 0.4f +
		             0.10f * fibre +
		             0.12f * hash_unit(hash3(row, 1, 0, b->seed));
		return rgb_scale(rgb_mix(rgb_hex(0xd8c3a0), rgb_hex(0xb8946a),
				     0.5f + 0.5f * ring),
		    tone * (1 - 0.75f * joint));
	}
	float fibre = fbm2(u * 90, v * 90, 3, b->seed + 5);
	return rgb_scale(b->paper, 0.95f + 0.05f * fibre);
}

/* A soft shadow down and to the right of a disc. */
static void
shadow_paint(const struct frame *f, float x, float y, float radius)
{
	float off = radius * 0.10f, reach = radius * 1.35f;
	for (int row = (int)(y - reach); (float)row < y + reach; row++) {
		for (int col = (int)(x - reach); (float)col < x + reach;
		     col++) {
			if (row < 0 || col < 0 || row >= f->height ||
			    col >= f->width)
				continue;
			float d = hypotf((float)col - x - off,
				      (float)row - y - off * 1.3f) /
			          radius;
			float dark = 0.62f * rise(1.16f, 0.93f, d) +
			             0.18f * rise(1.34f, 0.9f, d);
			float *p = frame_at(f, col, row);
			for (int i = 0; i < 3; i++)
				p[i] *= 1 - dark;
		}
	}
}

/* The pulp of one segment: long drops of juice that point to the middle.
 * `r` 0 .. 1 from the middle, `side` -1 .. 1 across the segment. */
static struct rgb
pulp_at(const struct fruit *k, const struct slice *s, float r, float side,
    int segment, float *wet)
{
	uint32_t seed = s->hash + (uint32_t)segment * 77u;
	float warp = 0.10f * noise2(r * 5, side * 2, seed);
	struct cell c = cell2(side * 2.3f * (0.35f + r) + warp * 3,
	    r * 5.2f + 0.35f * side * side + warp, seed);
	float skin = rise(0.02f, 0.20f, c.second - c.near);
	float tone =
	    0.62f + 0.45f * hash_unit(c.hash) * 0.7f + 0.30f * (1 - c.near);
	struct rgb pulp =
	    rgb_mix(k->deep, k->pulp, clampf(tone * (0.55f + 0.5f * r), 0, 1));
	pulp = rgb_mix(
	    rgb_mix(k->pith, k->pulp, 0.65f), pulp, 0.35f + 0.65f * skin);
	*wet = bell(c.dx + 0.16f, 0.11f) * bell(c.dy + 0.18f, 0.12f) *
	       (hash_unit(hash_next(c.hash)) > 0.55f ? 1.0f : 0.15f);
	return pulp;
}

static struct rgb
slice_at(const struct fruit *k, const struct slice *s, float u, float v)
{
	float r = sqrtf(u * u + v * v), turn = atan2f(v, u) + s->turn;
	float fine = fbm2(u * 22, v * 22, 3, s->hash);
	float light = 0.92f - 0.10f * (u + v);
	if (r > 0.945f) { /* peel, bumpy */
		float pore = cell2(turn * 22, r * 24, s->hash).near;
		return rgb_scale(k->rind, light * (0.72f + 0.35f * pore) *
					      rise(1.02f, 0.95f, r + 0.02f));
	}
	struct rgb pith = rgb_scale(k->pith, light * (0.93f + 0.10f * fine));
	pith = rgb_mix(pith, k->rind, 0.55f * rise(0.905f, 0.945f, r));
	float place = turn / TAU * (float)s->segments +
	              0.10f * noise2((float)floori(turn * 3), 1, s->hash);
	int segment = floori(place);
	float across = fract(place) - 0.5f;
	/* Half the width of a membrane, in shares of a segment. */
	float wall = 0.011f * (float)s->segments / TAU / (r + 0.02f) *
	             (1 + 0.5f * noise2(r * 7, (float)segment, s->hash));
	float edge = 0.5f - fabsf(across) - wall;
	float round_out = 0.872f + 0.012f * noise2((float)segment, 2, s->hash) -
	                  0.13f * powf(fabsf(across) * 2, 5);
	float core = 0.075f + 0.02f * noise2((float)segment, 5, s->hash);
	float inside = rise(0, 0.03f, edge) *
	               rise(round_out, round_out - 0.016f, r) *
	               rise(core, core + 0.035f, r);
	float wet;
	struct rgb pulp = pulp_at(k, s, r, across * 2, segment, &wet);
	pulp = rgb_scale(pulp, light * (0.80f + 0.20f * rise(0, 0.12f, edge)));
	pulp = rgb_madd(pulp, rgb_of(1, 1, 1), 0.55f * wet);
	float sheen =
	    rise(0.25f, 0.6f, noise2(u * 2.4f + 3, v * 2.4f, s->hash + 4)) *
	    0.06f;
	return rgb_madd(
	    rgb_mix(pith, pulp, inside), rgb_of(1, 1, 1), sheen * inside);
}

static void
slice_paint(const struct frame *f, const struct fruit *k, const struct slice *s)
{
	shadow_paint(f, s->x, s->y, s->radius);
	for (int row = (int)(s->y - s->radius) - 1;
	     (float)row < s->y + s->radius + 1; row++) {
		for (int col = (int)(s->x - s->radius) - 1;
		     (float)col < s->x + s->radius + 1; col++) {
			if (row < 0 || col < 0 || row >= f->height ||
			    col >= f->width)
				continue;
			float u = ((float)col + 0.5f - s->x) / s->radius,
			      v = ((float)row + 0.5f - s->y) / s->radius;
			float out = 1 + 0.010f * noise2(u * 2, v * 2, s->hash);
			float r = sqrtf(u * u + v * v) / out;
			float cover = clampf((1 - r) * s->radius + 0.5f, 0, 1);
			if (cover > 0)
				frame_lay(f, col, row,
				    slice_at(k, s, u / out, v / out), cover);
		}
	}
}

/* A mint leaf. */
static void
leaf_paint(const struct frame *f, const struct leaf *l)
{
	float dc = cosf(l->turn), ds = sinf(l->turn);
	float mx = l->x + dc * l->length * 0.5f,
	      my = l->y + ds * l->length * 0.5f;
	for (int pass = 0; pass < 2; pass++) {
		float off = pass ? 0 : l->length * 0.05f;
		float reach = l->length * 0.62f;
		for (int row = (int)(my - reach); (float)row < my + reach;
		     row++) {
			for (int col = (int)(mx - reach);
			     (float)col < mx + reach; col++) {
				if (row < 0 || col < 0 || row >= f->height ||
				    col >= f->width)
					continue;
				float px = (float)col - l->x - off,
				      py = (float)row - l->y - off;
				float u = (px * dc + py * ds) / l->length,
				      v = (py * dc - px * ds) / l->length;
				if (u <= 0 || u >= 1)
					continue;
				v += 0.05f * sinf(u * 3);
				float half =
				    0.30f *
				    powf(sinf(3.1416f * powf(u, 0.8f)), 0.8f);
				half *=
				    1 + 0.05f * (fract(u * 13 - fabsf(v) * 6) -
						    0.5f);
				float cover = clampf(
				    (half - fabsf(v)) * l->length + 0.5f, 0, 1);
				if (!pass) {
					float *p = frame_at(f, col, row);
					for (int i = 0; i < 3; i++)
						p[i] *=
						    1 -
						    0.55f *
							rise(-0.04f, 0.05f,
							    half - fabsf(v));
					continue;
				}
				float rib = fract(u * 8 - fabsf(v) * 9);
				float quilt = sinf(rib * 3.1416f);
				float vein = rise(0.13f, 0.02f, rib) * 0.4f +
				             rise(0.02f, 0.006f, fabsf(v));
				float light =
				    0.45f +
				    0.55f * quilt * (v < 0 ? 1.0f : 0.72f) +
				    0.2f * fbm2(u * 20, v * 20, 3, l->hash);
				struct rgb c =
				    rgb_mix(rgb_scale(rgb_hex(0x3f7a2c), light),
					rgb_hex(0x9cc070),
					0.35f * clampf(vein, 0, 1));
				c = rgb_madd(c, rgb_of(0.8f, 0.9f, 0.8f),
				    0.10f * powf(quilt, 6));
				frame_lay(f, col, row, c, cover);
			}
		}
	}
}

static int
slices_place(struct slice *slices, float w, float h, struct rng *rng)
{
	int count = 0;
	float unit = w < h ? w : h;
	for (int tries = 0; tries < 900 && count < SLICES_MAX; tries++) {
		struct slice s = {
		    .kind = rng_pick(rng, 5), .hash = rng_bits(rng) >> 8};
		static const float sizes[] = {
		    0.215f, 0.165f, 0.135f, 0.20f, 0.255f};
		s.radius = unit * sizes[s.kind] * rng_range(rng, 0.92f, 1.06f);
		s.x = rng_range(rng, -0.03f, 1.03f) * w;
		s.y = rng_range(rng, -0.03f, 1.03f) * h;
		s.turn = rng_range(rng, 0, TAU);
		s.segments = 9 + rng_pick(rng, 3);
		bool is_free = true;
		for (int i = 0; i < count && is_free; i++)
			is_free = hypotf(slices[i].x - s.x, slices[i].y - s.y) >
			          (slices[i].radius + s.radius) *
			              (tries < 500 ? 1.05f : 0.86f);
		if (is_free)
			slices[count++] = s;
	}
	return count;
}

void
scene_citrus(struct studio *studio, const struct shot *shot)
{
	static const uint32_t fruits[5][4] = {/* rind, pith, pulp, deep */
	    {0xf08a1c, 0xf8e4bc, 0xfaa02c, 0xd86a10},
	    {0xf2cc28, 0xfaf4d8, 0xf6e28a, 0xd8b848},
	    {0x6f9a2c, 0xe6eec8, 0xc8d878, 0x8aa840},
	    {0xd8582c, 0xf6d8c0, 0xc8283c, 0x6a0c24},
	    {0xf0a050, 0xfbe6d2, 0xf07868, 0xc03c44}};
	static const uint32_t papers[] = {
	    0xe9c6bc, 0xbfd4d4, 0xf0d890, 0xd8d0e4};
	struct rng rng = rng_seed(shot->seed);
	const struct frame *f = &studio->picture;
	struct slice slices[SLICES_MAX];
	struct board b = {(float)f->width, (float)f->height, shot->mood % 3,
	    rgb_hex(papers[rng_pick(&rng, 4)]), rng_bits(&rng) & 0xffffff};
	frame_shade(&studio->picture, board_shade, &b);
	int count = slices_place(slices, b.width, b.height, &rng);
	for (int i = 0; i < count; i++) {
		const uint32_t *c = fruits[slices[i].kind];
		struct fruit k = {
		    rgb_hex(c[0]), rgb_hex(c[1]), rgb_hex(c[2]), rgb_hex(c[3])};
		slice_paint(f, &k, &slices[i]);
	}
	float unit = b.width < b.height ? b.width : b.height;
	for (int i = 0; i < 5; i++) {
		float x = rng_range(&rng, 0.1f, 0.9f) * b.width,
		      y = rng_range(&rng, 0.1f, 0.9f) * b.height;
		float turn = rng_range(&rng, 0, TAU);
		for (int k = 0; k < 3; k++) {
			struct leaf l = {x, y,
			    unit * rng_range(&rng, 0.07f, 0.13f),
			    turn + (float)(k - 1) * 0.9f, rng_bits(&rng) >> 8};
			leaf_paint(f, &l);
		}
	}
	/* A window at the upper left lights the table. */
	for (int y = 0; y < f->height; y++) {
		for (int x = 0; x < f->width; x++) {
			float d = hypotf((float)x / b.width - 0.1f,
			    (float)y / b.height - 0.05f);
			float *p = frame_at(f, x, y);
			for (int i = 0; i < 3; i++)
				p[i] *= 1.22f - 0.52f * rise(0.0f, 1.3f, d);
		}
	}
	studio->look.exposure = 0.95f;
	studio->look.bloom = 0.06f;
	studio->look.contrast = 0.22f;
	studio->look.vignette = 0.3f;
}
