/* Random numbers and noise textures; everything follows from a seed. */
#ifndef DEMO_PHOTOS_NOISE_H
#define DEMO_PHOTOS_NOISE_H

#include <stdint.h>

struct rng {
	uint32_t state;
};

/* A well mixed 32-bit value of a lattice point. */
uint32_t hash3(int x, int y, int z, uint32_t seed);

/* 0 <= result < 1 from a hash; `hash_next` gives an independent hash. */
float hash_unit(uint32_t hash);

uint32_t hash_next(uint32_t hash);

struct rng rng_seed(uint32_t seed);

uint32_t rng_bits(struct rng *rng);

float rng_range(struct rng *rng, float lo, float hi);

/* 0 .. count - 1 */
int rng_pick(struct rng *rng, int count);

/* Mean 0, deviation 1, cut at 3. */
float rng_normal(struct rng *rng);

/* Perlin's gradient noise, about -1 .. 1, features one unit apart. */
float noise2(float x, float y, uint32_t seed);

float noise3(float x, float y, float z, uint32_t seed);

/* Fractal sums of the above, about -1 .. 1; each octave doubles the
 * frequency and halves the weight. */
float fbm2(float x, float y, int octaves, uint32_t seed);

float fbm3(float x, float y, float z, int octaves, uint32_t seed);

/* Ridged fractal noise, about 0 .. 1, sharp crests near 1. */
float ridge2(float x, float y, int octaves, uint32_t seed);

/* Worley's cells: distance to the nearest and second nearest point. */
struct cell {
	float near, second;
	float dx, dy;  /* from the nearest point to the place asked for */
	uint32_t hash; /* of the nearest point */
};

struct cell cell2(float x, float y, uint32_t seed);

#endif
