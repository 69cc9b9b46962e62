/* Lens, film and darkroom: see develop.h. */
#include "develop.h"

#include "noise.h"

enum {
	CURVE_STEPS = 4096
};

struct look
look_plain(void)
{
	return (struct look){.exposure = 1,
	    .contrast = 0.12f,
	    .saturation = 1.05f,
	    .bloom = 0.05f,
	    .vignette = 0.25f,
	    .grain = 2.2f,
	    .soft = 0.06f,
	    .black = 0.012f,
	    .shade_tint = {1, 1, 1},
	    .light_tint = {1, 1, 1}};
}

/* Scatters light: a narrow and a wide halo, made at an eighth of the size. */
static void
bloom_add(
    struct frame *frame, struct frame *small, struct frame *spare, float share)
{
	int width = frame->width / 8 + 1, height = frame->height / 8 + 1;
	frame_shape(small, width, height);
	for (int y = 0; y < frame->height; y++) {
		for (int x = 0; x < frame->width; x++) {
			const float *p = frame_at(frame, x, y);
			float *q = frame_at(small, x / 8, y / 8);
			for (int i = 0; i < 3; i++)
				q[i] += (p[i] > 40 ? 40 : p[i]) / 64.0f;
			q[3] += 1.0f / 64.0f;
		}
	}
	for (int i = 0; i < width * height; i++) {
		float *q = small->px + (size_t)i * 4;
		float k = q[3] > 0 ? 1.0f / q[3] : 0;
		for (int c = 0; c < 3; c++)
			q[c] *= k;
	}
	for (int pass = 0; pass < 2; pass++) {
		frame_blur(small, spare,
		    (pass ? 0.03f : 0.006f) * (float)(width + height));
		for (int y = 0; y < frame->height; y++) {
			for (int x = 0; x < frame->width; x++) {
				struct rgb halo =
				    frame_colour(small, ((float)x + 0.5f) / 8,
					((float)y + 0.5f) / 8);
				float *p = frame_at(frame, x, y);
				p[0] += (halo.r - p[0]) * share * 0.5f;
				p[1] += (halo.g - p[1]) * share * 0.5f;
				p[2] += (halo.b - p[2]) * share * 0.5f;
			}
		}
	}
}

/* The film's response to light (a filmic S with a long shoulder), coded for
 * sRGB, as a table over light / (light + 0.3). */
static void
curve_make(float curve[CURVE_STEPS + 1])
{
	for (int i = 0; i <= CURVE_STEPS; i++) {
		float t = (float)i / (CURVE_STEPS + 0.5f);
		float x = 0.3f * t / (1 - t);
		float y =
		    x * (2.51f * x + 0.03f) / (x * (2.43f * x + 0.59f) + 0.14f);
		y = clampf(y, 0, 1);
		curve[i] = y < 0.0031308f ? 12.92f * y
		                          : 1.055f * powf(y, 1 / 2.4f) - 0.055f;
	}
}

static float
curve_at(const float *curve, float x)
{
	x = x > 0 ? x : 0;
	float t = x / (x + 0.3f) * CURVE_STEPS;
	int i = (int)t;
	return mixf(curve[i], curve[i + 1 > CURVE_STEPS ? CURVE_STEPS : i + 1],
	    t - (float)i);
}

static float
grain_at(int x, int y, int layer, uint32_t seed)
{
	uint32_t h = hash3(x, y, layer, seed);
	int sum =
	    (int)((h & 255) + (h >> 8 & 255) + (h >> 16 & 255) + (h >> 24));
	return (float)(sum - 510) * (1.0f / 148.0f);
}

static float
s_curve(float v, float amount)
{
	float s = v * v * (3 - 2 * v);
	return mixf(v, s, amount);
}

static struct rgb
print(struct rgb c, const struct look *look, const float *curve)
{
	/* A little of each channel in the others: strong lights go to white
	 * and not to a pure colour. */
	float spill = rgb_luma(c) * 0.06f;
	c = rgb_add(rgb_scale(c, 0.94f), rgb_of(spill, spill, spill));
	struct rgb v = {
	    curve_at(curve, c.r), curve_at(curve, c.g), curve_at(curve, c.b)};
	float l = rgb_luma(v);
	float saturation = look->is_monochrome ? 0 : look->saturation;
	v = rgb_mix(rgb_of(l, l, l), v, saturation);
	v.r = clampf(v.r, 0, 1);
	v.g = clampf(v.g, 0, 1);
	v.b = clampf(v.b, 0, 1);
	v.r = s_curve(v.r, look->contrast);
	v.g = s_curve(v.g, look->contrast);
	v.b = s_curve(v.b, look->contrast);
	v = rgb_mul(v, rgb_mix(look->shade_tint, look->light_tint, l));
	float black = look->black;
	return rgb_add(rgb_scale(v, 1 - black), rgb_of(black, black, black));
}

/* The pixel with a share of its four neighbours. */
static struct rgb
strayed(const struct frame *f, int x, int y, float soft)
{
	int x0 = x > 0 ? x - 1 : x, x1 = x + 1 < f->width ? x + 1 : x;
	int y0 = y > 0 ? y - 1 : y, y1 = y + 1 < f->height ? y + 1 : y;
	struct rgb around =
	    rgb_add(rgb_add(frame_rgb(f, x0, y), frame_rgb(f, x1, y)),
		rgb_add(frame_rgb(f, x, y0), frame_rgb(f, x, y1)));
	return rgb_madd(
	    rgb_scale(frame_rgb(f, x, y), 1 - 4 * soft), around, soft);
}

static uint8_t
byte_of(float v)
{
	return (uint8_t)clampf(v * 255.0f + 0.5f, 0, 255);
}

void
frame_develop(struct frame *frame, struct frame *spare_a, struct frame *spare_b,
    const struct look *look, uint32_t seed, uint8_t *out)
{
	float curve[CURVE_STEPS + 1];
	curve_make(curve);
	if (look->bloom > 0)
		bloom_add(frame, spare_a, spare_b, look->bloom);
	float cx = (float)frame->width * 0.5f, cy = (float)frame->height * 0.5f;
	float corner = 1.0f / (cx * cx + cy * cy);
	for (int y = 0; y < frame->height; y++) {
		for (int x = 0; x < frame->width; x++) {
			float far =
			    (sqf((float)x - cx) + sqf((float)y - cy)) * corner;
			float light =
			    look->exposure *
			    (1 - look->vignette * far * (0.6f + 0.4f * far));
			struct rgb c =
			    rgb_scale(strayed(frame, x, y, look->soft), light);
			struct rgb v = print(c, look, curve);
			float l = rgb_luma(v);
			/* Grain shows most in the middle tones. */
			float k =
			    look->grain / 255.0f * (0.45f + 2.2f * l * (1 - l));
			float g =
			    0.8f * grain_at(x, y, 0, seed) +
			    0.6f * grain_at((x + 1) / 2, (y + 1) / 2, 1, seed);
			float hue = look->is_monochrome ? 0 : 0.35f * k;
			out[0] = byte_of(
			    v.r + k * g + hue * grain_at(x, y, 2, seed));
			out[1] = byte_of(v.g + k * g);
			out[2] = byte_of(
			    v.b + k * g + hue * grain_at(x, y, 3, seed));
			out += 3;
		}
	}
}
