/* Test photographs as a phone's camera writes them: see camera.h. */
#include "camera.h"

#include "exif.h"
#include "jpeg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	STORED_WIDTH = 4000,
	STORED_HEIGHT = 3000,
	SHRINK = 3, /* the scene is shaded at a third of the size */
	THUMB_SHRINK = 20
};

struct note {
	float x, y; /* in the centred square, 0 .. 1 */
	uint8_t colour[3];
};

static const struct note notes[] = {{0.13f, 0.13f, {216, 38, 38}},
    {0.87f, 0.13f, {40, 150, 70}}, {0.13f, 0.87f, {240, 200, 40}},
    {0.87f, 0.87f, {36, 70, 205}}};

/* An upright picture in eight bits. */
struct picture {
	int width, height;
	uint8_t *rgb;
};

static void
note_paint(const struct picture *p, const struct note *note)
{
	int side = p->width < p->height ? p->width : p->height;
	int left = (p->width - side) / 2, top = (p->height - side) / 2;
	int half = side * 6 / 100, shade = side / 100;
	int cx = left + (int)(note->x * (float)side);
	int cy = top + (int)(note->y * (float)side);
	for (int y = cy - half; y < cy + half + shade; y++) {
		for (int x = cx - half; x < cx + half + shade; x++) {
			uint8_t *q =
			    p->rgb +
			    ((size_t)y * (size_t)p->width + (size_t)x) * 3;
			bool is_note = x < cx + half && y < cy + half;
			bool is_shade =
			    x > cx - half + shade && y > cy - half + shade;
			/* Paper: a little fibre, a little curl to the light. */
			int fibre = (int)(hash3(x / 3, y / 3, 1, 5) % 9) - 4;
			int curl = (y - cy) * 6 / half;
			for (int c = 0; c < 3; c++) {
				int v = note->colour[c] + fibre - curl;
				if (is_note)
					q[c] = (uint8_t)(v < 0     ? 0
							 : v > 255 ? 255
								   : v);
				else if (is_shade)
					q[c] = (uint8_t)(q[c] * 2 / 3);
			}
		}
	}
}

/* Develops the studio's picture and enlarges it, with the fine noise that a
 * phone's sensor has. */
static void
picture_fill(struct studio *studio, const struct picture *p, uint8_t *small)
{
	const struct frame *f = &studio->picture;
	frame_develop(&studio->picture, &studio->spare[0], &studio->spare[1],
	    &studio->look, 1, small);
	for (int y = 0; y < p->height; y++) {
		int fy = y % SHRINK, sy = y / SHRINK;
		int down = sy + 1 < f->height ? f->width * 3 : 0;
		for (int x = 0; x < p->width; x++) {
			int fx = x % SHRINK, sx = x / SHRINK;
			int right = sx + 1 < f->width ? 3 : 0;
			const uint8_t *s =
			    small +
			    ((size_t)sy * (size_t)f->width + (size_t)sx) * 3;
			uint8_t *q =
			    p->rgb +
			    ((size_t)y * (size_t)p->width + (size_t)x) * 3;
			int noise = (int)(hash3(x, y, 0, 9) & 7) - 3;
			for (int c = 0; c < 3; c++) {
				int a =
				    s[c] * (SHRINK - fx) + s[c + right] * fx;
				int b = s[c + down] * (SHRINK - fx) +
				        s[c + down + right] * fx;
				int v = (a * (SHRINK - fy) + b * fy) /
				            (SHRINK * SHRINK) +
				        noise;
				q[c] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
			}
		}
	}
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
		note_paint(p, &notes[i]);
}

/* What the sensor saw: the upright picture turned so that applying the
 * orientation turns it back, every `step`th pixel of it. */
static void
sensor_fill(const struct picture *up, int orientation, int step, uint8_t *out)
{
	for (int y = 0; y < STORED_HEIGHT; y += step) {
		for (int x = 0; x < STORED_WIDTH; x += step) {
			int ux = STORED_WIDTH - 1 - x,
			    uy = STORED_HEIGHT - 1 - y;
			if (orientation == 6) { /* shown turned clockwise */
				ux = STORED_HEIGHT - 1 - y;
				uy = x;
			} else if (orientation == 8) { /* anticlockwise */
				ux = y;
				uy = STORED_WIDTH - 1 - x;
			}
			memcpy(out,
			    up->rgb +
				((size_t)uy * (size_t)up->width + (size_t)ux) *
				    3,
			    3);
			out += 3;
		}
	}
}

/* Writes `stored` with its metadata; `thumb` is a packed JPEG. */
static bool
photo_write(const uint8_t *stored, int orientation, const uint8_t *thumb,
    size_t thumb_size, const char *path)
{
	static uint8_t exif_bytes[SEGMENT_MAX], xmp_bytes[SEGMENT_MAX];
	struct exif exif = {.orientation = orientation,
	    .width = STORED_WIDTH,
	    .height = STORED_HEIGHT,
	    .make = "Lumen",
	    .model = "Lumen P9",
	    .software = "Lumen Camera 9.1.4",
	    .lens = "Lumen P9 5.4mm f/1.8",
	    .owner = "Ada Example",
	    .serial = "SN-4711-0815",
	    .taken = "2024:06:01 18:30:05",
	    .offset = "+02:00",
	    .exposure_num = 1,
	    .exposure_den = 250,
	    .iso = 64,
	    .f_tenths = 18,
	    .focal_tenths = 54,
	    .latitude = 48.2082 + 0.001 * orientation,
	    .longitude = 16.3738,
	    .altitude = 171.5,
	    .thumbnail = thumb,
	    .thumbnail_size = thumb_size};
	struct segment segments[2] = {{1, exif_bytes, 0}, {1, xmp_bytes, 0}};
	if (!exif_write(&exif, exif_bytes, &segments[0].size) ||
	    !xmp_write(&exif, xmp_bytes, &segments[1].size)) {
		fprintf(stderr, "%s: the metadata do not fit\n", path);
		return false;
	}
	struct jpeg jpeg = {
	    stored, STORED_WIDTH, STORED_HEIGHT, 90, true, segments, 2};
	return jpeg_write(&jpeg, path);
}

static bool
photo_make(struct studio *studio, const struct picture *up, int orientation,
    uint8_t *stored, const char *folder)
{
	char path[4096];
	int length = snprintf(
	    path, sizeof path, "%s/camera-%d.jpg", folder, orientation);
	if (length < 0 || (size_t)length >= sizeof path)
		return false;
	frame_shape(
	    &studio->picture, up->width / SHRINK + 1, up->height / SHRINK + 1);
	studio->look = look_plain();
	struct shot shot = {(uint32_t)orientation, 0};
	if (orientation == 3)
		scene_desert(studio, &shot);
	else if (orientation == 6)
		scene_dahlia(studio, &shot);
	else
		scene_mountains(studio, &shot);
	picture_fill(studio, up, stored);
	int tw = STORED_WIDTH / THUMB_SHRINK, th = STORED_HEIGHT / THUMB_SHRINK;
	sensor_fill(up, orientation, THUMB_SHRINK, stored);
	struct jpeg small = {stored, tw, th, 80, true, NULL, 0};
	uint8_t *thumb;
	size_t thumb_size;
	if (!jpeg_pack(&small, &thumb, &thumb_size))
		return false;
	sensor_fill(up, orientation, 1, stored);
	bool is_done =
	    photo_write(stored, orientation, thumb, thumb_size, path);
	free(thumb);
	return is_done;
}

bool
camera_write(struct studio *studio, const char *folder)
{
	static const int orientations[] = {6, 3, 8};
	size_t size = (size_t)STORED_WIDTH * STORED_HEIGHT * 3;
	uint8_t *upright = malloc(size), *stored = malloc(size);
	bool is_done = upright && stored;
	for (size_t i = 0; i < 3 && is_done; i++) {
		bool is_turned = orientations[i] != 3;
		struct picture up = {is_turned ? STORED_HEIGHT : STORED_WIDTH,
		    is_turned ? STORED_WIDTH : STORED_HEIGHT, upright};
		is_done =
		    photo_make(studio, &up, orientations[i], stored, folder);
	}
	free(stored);
	free(upright);
	return is_done;
}
