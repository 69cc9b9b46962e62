/* Transparency on a background. */
#include "media/decode.h"

/* Rounded a / 255 for 0 to 65,025. */
static inline uint8_t
div255(uint32_t a)
{
	a += 128;
	return (uint8_t)((a + (a >> 8)) >> 8);
}

void
decode_flatten(const uint8_t *rgba, size_t width, uint32_t background,
    uint8_t *const rgb[3], uint8_t *alpha)
{
	for (size_t i = 0; alpha != NULL && i < width; i++)
		alpha[i] = rgba[i * 4 + 3];
	for (size_t c = 0; c < 3; c++) {
		uint8_t *restrict out = rgb[c];
		uint32_t behind = background >> (16 - 8 * c) & 255;
		for (size_t i = 0; i < width; i++) {
			uint32_t a = rgba[i * 4 + 3];
			out[i] =
			    div255(rgba[i * 4 + c] * a + behind * (255 - a));
		}
	}
}
