/* Random numbers and noise: see noise.h. */
#include "noise.h"

#include "vec.h"

uint32_t
hash_next(uint32_t h)
{
	h ^= h >> 15;
	h *= 0x2c1b3c6du;
	h ^= h >> 12;
	h *= 0x297a2d39u;
	return h ^ h >> 15;
}

uint32_t
hash3(int x, int y, int z, uint32_t seed)
{
	return hash_next((uint32_t)x * 0x8da6b343u ^ (uint32_t)y * 0xd8163841u ^
			 (uint32_t)z * 0xcb1ab31fu ^ seed * 0x9e3779b9u);
}

float
hash_unit(uint32_t hash)
{
	return (float)(hash >> 8) * (1.0f / 16777216.0f);
}

struct rng
rng_seed(uint32_t seed)
{
	return (struct rng){hash_next(seed * 0x9e3779b9u + 0x6a09e667u)};
}

uint32_t
rng_bits(struct rng *rng)
{
	rng->state += 0x9e3779b9u;
	return hash_next(rng->state);
}

float
rng_range(struct rng *rng, float lo, float hi)
{
	return lo + (hi - lo) * hash_unit(rng_bits(rng));
}

int
rng_pick(struct rng *rng, int count)
{
	return (int)(rng_bits(rng) % (uint32_t)count);
}

float
rng_normal(struct rng *rng)
{
	/* Twelve uniform numbers are Gaussian enough for a picture. */
	float sum = -6.0f;
	for (int i = 0; i < 12; i++)
		sum += rng_range(rng, 0.0f, 1.0f);
	return clampf(sum, -3.0f, 3.0f);
}

static inline float
fade(float t)
{
	return t * t * t * (t * (t * 6.0f - 15.0f) + 10.0f);
}

static inline float
slope2(uint32_t h, float x, float y)
{
	float gx = (float)(h & 0xffff) * (2.0f / 65535.0f) - 1.0f;
	float gy = (float)(h >> 16) * (2.0f / 65535.0f) - 1.0f;
	return gx * x + gy * y;
}

float
noise2(float x, float y, uint32_t seed)
{
	int ix = floori(x), iy = floori(y);
	float fx = x - (float)ix, fy = y - (float)iy;
	float u = fade(fx), v = fade(fy);
	float a = slope2(hash3(ix, iy, 0, seed), fx, fy);
	float b = slope2(hash3(ix + 1, iy, 0, seed), fx - 1, fy);
	float c = slope2(hash3(ix, iy + 1, 0, seed), fx, fy - 1);
	float d = slope2(hash3(ix + 1, iy + 1, 0, seed), fx - 1, fy - 1);
	return 1.7f * mixf(mixf(a, b, u), mixf(c, d, u), v);
}

static inline float
slope3(uint32_t h, float x, float y, float z)
{
	float gx = (float)(h & 1023) * (2.0f / 1023.0f) - 1.0f;
	float gy = (float)(h >> 10 & 1023) * (2.0f / 1023.0f) - 1.0f;
	float gz = (float)(h >> 20 & 1023) * (2.0f / 1023.0f) - 1.0f;
	return gx * x + gy * y + gz * z;
}

static inline float
plane3(int ix, int iy, int iz, struct v3 f, float u, float v, uint32_t seed)
{
	float a = slope3(hash3(ix, iy, iz, seed), f.x, f.y, f.z);
	float b = slope3(hash3(ix + 1, iy, iz, seed), f.x - 1, f.y, f.z);
	float c = slope3(hash3(ix, iy + 1, iz, seed), f.x, f.y - 1, f.z);
	float d =
	    slope3(hash3(ix + 1, iy + 1, iz, seed), f.x - 1, f.y - 1, f.z);
	return mixf(mixf(a, b, u), mixf(c, d, u), v);
}

float
noise3(float x, float y, float z, uint32_t seed)
{
	int ix = floori(x), iy = floori(y), iz = floori(z);
	struct v3 f = {x - (float)ix, y - (float)iy, z - (float)iz};
	float u = fade(f.x), v = fade(f.y);
	float lower = plane3(ix, iy, iz, f, u, v, seed);
	float upper =
	    plane3(ix, iy, iz + 1, v3_of(f.x, f.y, f.z - 1), u, v, seed);
	return 1.6f * mixf(lower, upper, fade(f.z));
}

float
fbm2(float x, float y, int octaves, uint32_t seed)
{
	float sum = 0, weight = 0.55f;
	for (int i = 0; i < octaves; i++) {
		sum += weight * noise2(x, y, seed + (uint32_t)i);
		/* Turning each octave hides the lattice. */
		float turned = 1.6f * x - 1.2f * y;
		y = 1.2f * x + 1.6f * y;
		x = turned;
		weight *= 0.5f;
	}
	return sum;
}

float
fbm3(float x, float y, float z, int octaves, uint32_t seed)
{
	float sum = 0, weight = 0.55f;
	for (int i = 0; i < octaves; i++) {
		sum += weight * noise3(x, y, z, seed + (uint32_t)i);
		float turned = 1.6f * x - 1.2f * z;
		z = 1.2f * x + 1.6f * z;
		x = turned;
		y *= 2.0f;
		weight *= 0.5f;
	}
	return sum;
}

float
ridge2(float x, float y, int octaves, uint32_t seed)
{
	float sum = 0, weight = 0.5f, carry = 1.0f;
	for (int i = 0; i < octaves; i++) {
		float n = 1.0f - fabsf(noise2(x, y, seed + (uint32_t)i));
		n = n * n * carry;
		sum += weight * n;
		/* Detail belongs on the crests; valleys stay smooth. */
		carry = clampf(n * 1.6f, 0.0f, 1.0f);
		float turned = 1.6f * x - 1.2f * y;
		y = 1.2f * x + 1.6f * y;
		x = turned;
		weight *= 0.5f;
	}
	return sum;
}

struct cell
cell2(float x, float y, uint32_t seed)
{
	int ix = floori(x), iy = floori(y);
	struct cell best = {9, 9, 0, 0, 0};
	for (int j = -1; j <= 1; j++) {
		for (int i = -1; i <= 1; i++) {
			uint32_t h = hash3(ix + i, iy + j, 7, seed);
			float dx = x - (float)(ix + i) - hash_unit(h);
			float dy =
			    y - (float)(iy + j) - hash_unit(hash_next(h));
			float d = dx * dx + dy * dy;
			if (d < best.near) {
				best.second = best.near;
				best.near = d;
				best.dx = dx;
				best.dy = dy;
				best.hash = h;
			} else if (d < best.second) {
				best.second = d;
			}
		}
	}
	best.near = sqrtf(best.near);
	best.second = sqrtf(best.second);
	return best;
}
