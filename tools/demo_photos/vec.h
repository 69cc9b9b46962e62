/* Small arithmetic that every scene needs: scalars, colours, vectors.
 *
 * A colour (`struct rgb`) is linear light, 0 black, 1 the white of a sheet of
 * paper in that scene; light sources go far above 1.
 */
#ifndef DEMO_PHOTOS_VEC_H
#define DEMO_PHOTOS_VEC_H

#include <math.h>
#include <stdint.h>

#define TAU 6.2831853f

struct rgb {
	float r, g, b;
};

struct v3 {
	float x, y, z;
};

static inline float
clampf(float x, float lo, float hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

static inline float
mixf(float a, float b, float t)
{
	return a + (b - a) * t;
}

/* 0 below `lo`, 1 above `hi`, smooth between; works with lo > hi as well. */
static inline float
rise(float lo, float hi, float x)
{
	float t = clampf((x - lo) / (hi - lo), 0.0f, 1.0f);
	return t * t * (3.0f - 2.0f * t);
}

static inline float
sqf(float x)
{
	return x * x;
}

/* exp(-(x/width)^2) */
static inline float
bell(float x, float width)
{
	return expf(-sqf(x / width));
}

static inline int
floori(float x)
{
	int i = (int)x;
	return i - ((float)i > x);
}

static inline float
fract(float x)
{
	return x - (float)floori(x);
}

static inline struct rgb
rgb_of(float r, float g, float b)
{
	return (struct rgb){r, g, b};
}

/* The linear colour of 0xRRGGBB in sRGB. */
static inline struct rgb
rgb_hex(uint32_t hex)
{
	return (struct rgb){powf((float)(hex >> 16 & 255) / 255.0f, 2.2f),
	    powf((float)(hex >> 8 & 255) / 255.0f, 2.2f),
	    powf((float)(hex & 255) / 255.0f, 2.2f)};
}

static inline struct rgb
rgb_add(struct rgb a, struct rgb b)
{
	return (struct rgb){a.r + b.r, a.g + b.g, a.b + b.b};
}

static inline struct rgb
rgb_mul(struct rgb a, struct rgb b)
{
	return (struct rgb){a.r * b.r, a.g * b.g, a.b * b.b};
}

static inline struct rgb
rgb_scale(struct rgb a, float k)
{
	return (struct rgb){a.r * k, a.g * k, a.b * k};
}

/* a + b * k */
static inline struct rgb
rgb_madd(struct rgb a, struct rgb b, float k)
{
	return (struct rgb){a.r + b.r * k, a.g + b.g * k, a.b + b.b * k};
}

static inline struct rgb
rgb_mix(struct rgb a, struct rgb b, float t)
{
	return (struct rgb){
	    mixf(a.r, b.r, t), mixf(a.g, b.g, t), mixf(a.b, b.b, t)};
}

static inline float
rgb_luma(struct rgb c)
{
	return 0.2126f * c.r + 0.7152f * c.g + 0.0722f * c.b;
}

static inline struct v3
v3_of(float x, float y, float z)
{
	return (struct v3){x, y, z};
}

static inline struct v3
v3_madd(struct v3 a, struct v3 b, float k)
{
	return (struct v3){a.x + b.x * k, a.y + b.y * k, a.z + b.z * k};
}

static inline float
v3_dot(struct v3 a, struct v3 b)
{
	return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline struct v3
v3_unit(struct v3 a)
{
	float k = 1.0f / sqrtf(v3_dot(a, a) + 1e-20f);
	return (struct v3){a.x * k, a.y * k, a.z * k};
}

#endif
