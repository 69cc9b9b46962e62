/* Landscapes over a height function: see terrain.h. */
#include "terrain.h"

/* One column's walk, and how far up the picture it has painted. */
struct walk {
	const struct terrain *terrain;
	const struct frame *frame;
	int col;
	float across;      /* x per metre of z */
	float top;         /* painted from the bottom up to this row */
	struct rgb behind; /* what was in the topmost pixel touched */
};

/* Paints rows [row, walk->top) with the ground between two steps. */
static void
walk_paint(struct walk *walk, float row, struct v3 from, struct v3 to)
{
	const struct terrain *t = walk->terrain;
	float rise_per_z = (to.y - from.y) / (to.z - from.z);
	int last = (int)ceilf(walk->top);
	for (int y = last - 1; y >= (int)row; y--) {
		float upper = row > (float)y ? row : (float)y;
		float lower =
		    walk->top < (float)y + 1 ? walk->top : (float)y + 1;
		if (lower <= upper)
			continue;
		if (lower >= (float)y + 1)
			walk->behind = frame_rgb(walk->frame, walk->col, y);
		float middle = (upper + lower) * 0.5f;
		/* Where the line of sight meets the ground between the steps.
		 */
		float sight = (t->horizon - middle) / t->focal;
		float gap = rise_per_z - sight;
		float z = from.z;
		if (fabsf(gap) > 1e-9f)
			z = from.z +
			    (t->eye.y + sight * (from.z - t->eye.z) - from.y) /
			        gap;
		z = clampf(z, from.z, to.z);
		float far = z - t->eye.z;
		struct hit hit = {t->eye.x + walk->across * far,
		    from.y + rise_per_z * (z - from.z), z,
		    far * sqrtf(1 + sqf(walk->across)), (float)walk->col + 0.5f,
		    middle};
		struct rgb c = t->colour(t->scene, &hit);
		/* Each piece replaces its share of what was behind. */
		float *p = frame_at(walk->frame, walk->col, y);
		p[0] += (c.r - walk->behind.r) * (lower - upper);
		p[1] += (c.g - walk->behind.g) * (lower - upper);
		p[2] += (c.b - walk->behind.b) * (lower - upper);
	}
	walk->top = row;
}

void
terrain_paint(const struct terrain *t, const struct frame *frame)
{
	float factor = powf(t->reach / t->near, 1.0f / (float)t->steps);
	for (int col = 0; col < frame->width; col++) {
		struct walk walk = {t, frame, col,
		    ((float)col + 0.5f - (float)frame->width * 0.5f) / t->focal,
		    (float)frame->height, {0, 0, 0}};
		struct v3 before = {0};
		float far = t->near;
		for (int i = 0; i <= t->steps && walk.top > 0; i++) {
			struct v3 at = {
			    t->eye.x + walk.across * far, 0, t->eye.z + far};
			at.y = t->height(t->scene, at.x, at.z);
			float row =
			    t->horizon - t->focal * (at.y - t->eye.y) / far;
			row = row > 0 ? row : 0;
			float seen = walk.top - row;
			far *= factor;
			/* Slivers wait for the next step to join them. */
			if (i > 0 && seen > 0 && seen < 0.4f)
				continue;
			if (i > 0 && seen > 0)
				walk_paint(&walk, row, before, at);
			before = at;
		}
	}
}

struct v3
terrain_normal(
    height_fn *height, const void *scene, float x, float z, float span)
{
	float h = height(scene, x, z);
	float dx = height(scene, x + span, z) - h;
	float dz = height(scene, x, z + span) - h;
	return v3_unit(v3_of(-dx, span, -dz));
}

float
terrain_sunlit(height_fn *height, const void *scene, const struct hit *hit,
    struct v3 sun, float first, float reach)
{
	float light = 1;
	for (float t = first; t < reach && light > 0; t *= 1.45f) {
		float y = hit->y + sun.y * t;
		float ground =
		    height(scene, hit->x + sun.x * t, hit->z + sun.z * t);
		/* The sun is a disc: what passes close above dims it. */
		float clear = 0.5f + (y - ground) / (t * 0.06f);
		light = clear < light ? clear : light;
	}
	return clampf(light, 0, 1);
}
