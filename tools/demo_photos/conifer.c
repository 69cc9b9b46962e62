/* A conifer: see conifer.h. */
#include "conifer.h"

#include "noise.h"

/* Needles at u across and v down the tree, both in tree heights: how far
 * inside the outline, and how far down its branch. */
static float
needles_at(const struct conifer *t, float u, float v, float levels, float *down)
{
	float side = u < 0 ? 31.0f : 0.0f;
	float sway = 0.30f * noise2(v * 5, side, t->seed);
	/* Branches hang, so their ends come later than their roots. */
	float level = v * levels + sway - fabsf(u) * levels * 0.35f;
	*down = fract(level);
	float branch = 0.70f + 0.55f * noise2((float)floori(level) * 3.7f, side,
					   t->seed + 1);
	float wide = (0.012f + 0.215f * powf(v, 0.85f)) * branch;
	float saw = 0.42f + 0.58f * powf(*down, 0.8f);
	float clump = fbm2(u * 62, v * 62, 2, t->seed + 2);
	return wide * saw - fabsf(u) + 0.020f * clump;
}

void
conifer_paint(const struct conifer *t, const struct frame *f, float cover)
{
	float levels = 13 + (float)(t->seed % 7);
	int y0 = (int)(t->foot - t->tall), y1 = (int)t->foot + 1;
	for (int y = y0 < 0 ? 0 : y0; y < y1 && y < f->height; y++) {
		float v = 1 - (t->foot - (float)y - 0.5f) / t->tall;
		float reach = t->tall * (0.04f + 0.30f * v);
		int x0 = (int)(t->x - reach), x1 = (int)(t->x + reach) + 1;
		for (int x = x0 < 0 ? 0 : x0; x < x1 && x < f->width; x++) {
			float u = ((float)x + 0.5f - t->x) / t->tall, down;
			float inside = needles_at(t, u, v, levels, &down);
			float hit =
			    clampf(inside * t->tall * 0.7f + 0.5f, 0, 1);
			if (v > 0.93f) {
				hit *= rise(1.0f, 0.95f, v);
				float trunk = 0.010f + 0.01f * v;
				if (fabsf(u) < trunk)
					hit = 1;
			}
			if (hit <= 0.01f)
				continue;
			float lit = 0.5f +
			            0.6f * noise2(u * 40, v * 50, t->seed + 4) +
			            0.8f * (0.5f - down);
			struct rgb c =
			    rgb_mix(t->dark, t->light, clampf(lit, 0, 1));
			float lies = rise(0.75f, 0.15f, down) *
			             rise(-0.5f, 0.4f,
					 noise2(u * 26, v * 30, t->seed + 5) +
					     t->snowy - 0.5f);
			c = rgb_mix(c,
			    rgb_scale(t->snow, 0.65f + 0.4f * (1 - down)),
			    lies * t->snowy);
			c = rgb_mix(
			    c, t->mist, t->misty * (0.35f + 0.65f * v * v));
			frame_lay(f, x, y, c, hit * cover);
		}
	}
}
