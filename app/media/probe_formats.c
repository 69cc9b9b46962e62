/* How the four accepted formats chain their blocks.
 *
 * All offsets are 64-bit and grow in each step by at least one byte, lengths
 * have at most 32 bits, so that nothing overflows and every walk ends; the
 * number of blocks is limited besides, so that it ends soon.
 */
#include "media/probe_formats.h"

#include <string.h>

enum {
	BLOCKS_MAX = 1000000,
	MARKERS_MAX = 10000,
	EXIF_ENTRIES_MAX = 256,
	EXIF_ORIENTATION = 0x0112,
	EXIF_SHORT = 3
};

int
probe_exif(struct probe_source *s, int64_t at, int64_t size)
{
	const unsigned char *p = size < 8 ? NULL : probe_get(s, at, 8);
	if (p == NULL)
		return 1;
	bool is_little = p[0] == 'I' && p[1] == 'I';
	if (!is_little && !(p[0] == 'M' && p[1] == 'M'))
		return 1;
	int64_t ifd = is_little ? probe_le32(p + 4) : probe_be32(p + 4);
	p = ifd > size - 2 ? NULL : probe_get(s, at + ifd, 2);
	if (p == NULL)
		return 1;
	int64_t count = is_little ? probe_le16(p) : probe_be16(p);
	if (count > EXIF_ENTRIES_MAX)
		count = EXIF_ENTRIES_MAX;
	for (int64_t i = 0; i < count; i++) {
		int64_t entry = ifd + 2 + i * 12;
		p = entry > size - 12 ? NULL : probe_get(s, at + entry, 12);
		if (p == NULL)
			return 1;
		uint32_t tag = is_little ? probe_le16(p) : probe_be16(p);
		uint32_t type =
		    is_little ? probe_le16(p + 2) : probe_be16(p + 2);
		uint32_t value =
		    is_little ? probe_le16(p + 8) : probe_be16(p + 8);
		if (tag == EXIF_ORIENTATION && type == EXIF_SHORT)
			return value >= 1 && value <= 8 ? (int)value : 1;
	}
	return 1;
}

/* Notes where EXIF is, and the orientation that it says. */
static void
note_exif(
    struct probe_source *s, struct media_probe *p, int64_t at, int64_t size)
{
	p->exif_at = at;
	p->exif_bytes = size;
	p->orientation = probe_exif(s, at, size);
}

/* T.81 table B.1: the markers that start a frame. */
static bool
is_frame_start(unsigned marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
	       marker != 0xc8 && marker != 0xcc;
}

static void
jpeg_segment(struct probe_source *s, struct media_probe *p, unsigned marker,
    int64_t at, int64_t size, bool *has_exif)
{
	if (is_frame_start(marker) && size >= 6) {
		const unsigned char *b = probe_get(s, at, 6);
		if (b == NULL || p->width_px != 0)
			return;
		p->height_px = probe_be16(b + 1);
		p->width_px = probe_be16(b + 3);
	} else if (marker == 0xe1 && size >= 14 && !*has_exif) {
		const unsigned char *b = probe_get(s, at, 6);
		if (b == NULL || memcmp(b, "Exif\0\0", 6) != 0)
			return;
		*has_exif = true;
		note_exif(s, p, at + 6, size - 6);
	}
}

/* Up to the first scan; what comes behind it only the decoder can tell. */
bool
probe_jpeg(struct probe_source *s, struct media_probe *p)
{
	int64_t at = 2;
	bool has_exif = false;
	for (int markers = 0; markers < MARKERS_MAX; markers++) {
		const unsigned char *b = probe_get(s, at, 2);
		if (b == NULL || b[0] != 0xff)
			return false;
		unsigned marker = b[1];
		if (marker == 0xff) { /* fill byte */
			at++;
			continue;
		}
		at += 2;
		if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7))
			continue; /* without a length */
		if (marker == 0x00 || marker == 0xd8 || marker == 0xd9)
			return false;
		b = probe_get(s, at, 2);
		int64_t size = b == NULL ? 0 : probe_be16(b);
		if (size < 2 || size > s->bytes - at)
			return false;
		if (marker == 0xda)
			return p->width_px != 0 || p->height_px != 0;
		jpeg_segment(s, p, marker, at + 2, size - 2, &has_exif);
		at += size;
	}
	return false;
}

bool
probe_png(struct probe_source *s, struct media_probe *p)
{
	const unsigned char *b = probe_get(s, 8, 25);
	if (b == NULL || memcmp(b, "\0\0\0\x0dIHDR", 8) != 0)
		return false;
	p->width_px = probe_be32(b + 8);
	p->height_px = probe_be32(b + 12);
	bool has_data = false;
	int64_t at = 33;
	for (int blocks = 0; blocks < BLOCKS_MAX; blocks++) {
		b = probe_get(s, at, 8);
		int64_t size = b == NULL ? 0 : probe_be32(b);
		if (b == NULL || size > s->bytes - at - 12)
			return false;
		unsigned char type[4];
		memcpy(type, b + 4, 4);
		if (memcmp(type, "IEND", 4) == 0)
			return has_data;
		if (memcmp(type, "IDAT", 4) == 0)
			has_data = true;
		if (memcmp(type, "eXIf", 4) == 0)
			note_exif(s, p, at + 8, size);
		b = probe_get(s, at + 8, size < 4 ? 0 : 4);
		if (memcmp(type, "acTL", 4) == 0 && size >= 4 && b != NULL &&
		    !has_data && probe_be32(b) > 0)
			p->frames = probe_be32(b);
		at += size + 12;
	}
	return false;
}

/* The offset behind a chain of sub-blocks; -1 where it is cut off. */
static int64_t
gif_skip(struct probe_source *s, int64_t at, int *blocks)
{
	while ((*blocks)++ < BLOCKS_MAX) {
		const unsigned char *b = probe_get(s, at, 1);
		if (b == NULL)
			return -1;
		at += 1 + b[0];
		if (b[0] == 0)
			return at;
	}
	return -1;
}

static int64_t
gif_palette_bytes(unsigned flags)
{
	return flags & 0x80 ? 3LL << ((flags & 7) + 1) : 0;
}

/* An image descriptor at `at`; the offset behind its data, or -1. */
static int64_t
gif_frame(
    struct probe_source *s, struct media_probe *p, int64_t at, int *blocks)
{
	const unsigned char *b = probe_get(s, at, 10);
	if (b == NULL)
		return -1;
	int64_t data = at + 10 + gif_palette_bytes(b[9]);
	if (p->frames == 0) {
		p->frame_x_px = probe_le16(b + 1);
		p->frame_y_px = probe_le16(b + 3);
		p->frame_width_px = probe_le16(b + 5);
		p->frame_height_px = probe_le16(b + 7);
		p->frame_data_at = data;
	}
	p->frames++;
	return gif_skip(s, data + 1, blocks);
}

bool
probe_gif(struct probe_source *s, struct media_probe *p)
{
	p->frames = 0;
	const unsigned char *b = probe_get(s, 6, 7);
	if (b == NULL)
		return false;
	p->width_px = probe_le16(b);
	p->height_px = probe_le16(b + 2);
	int64_t at = 13 + gif_palette_bytes(b[4]);
	int blocks = 0;
	while (blocks < BLOCKS_MAX) {
		b = probe_get(s, at, 1);
		if (b == NULL)
			return false;
		if (b[0] == ';')
			return p->frames > 0;
		if (b[0] == '!')
			at = gif_skip(s, at + 2, &blocks);
		else if (b[0] == ',')
			at = gif_frame(s, p, at, &blocks);
		else
			return false;
		if (at < 0)
			return false;
	}
	return false;
}

/* RFC 9649 sections 2.5 to 2.7: where the size stands in each bitstream. */
static bool
webp_size(struct probe_source *s, struct media_probe *p,
    const unsigned char type[4], int64_t at, int64_t size)
{
	const unsigned char *b = size < 10 ? NULL : probe_get(s, at, 10);
	if (memcmp(type, "VP8L", 4) == 0) {
		b = size < 5 ? NULL : probe_get(s, at, 5);
		if (b == NULL || b[0] != 0x2f)
			return false;
		uint32_t bits = probe_le32(b + 1);
		p->has_alpha = (bits >> 28 & 1) != 0;
		p->width_px = (bits & 0x3fff) + 1;
		p->height_px = (bits >> 14 & 0x3fff) + 1;
	} else if (memcmp(type, "VP8 ", 4) == 0) {
		if (b == NULL || memcmp(b + 3, "\x9d\x01\x2a", 3) != 0)
			return false;
		p->width_px = probe_le16(b + 6) & 0x3fff;
		p->height_px = probe_le16(b + 8) & 0x3fff;
	} else {
		if (b == NULL)
			return false;
		p->has_alpha = (b[0] & 0x10) != 0;
		p->width_px = (int64_t)probe_le24(b + 4) + 1;
		p->height_px = (int64_t)probe_le24(b + 7) + 1;
	}
	return true;
}

/* An EXIF chunk starts with its TIFF structure, or, as some write it, with
 * JPEG's name for one before it. */
static void
webp_exif(
    struct probe_source *s, struct media_probe *p, int64_t at, int64_t size)
{
	const unsigned char *b = size < 6 ? NULL : probe_get(s, at, 6);
	bool has_name = b != NULL && memcmp(b, "Exif\0\0", 6) == 0;
	note_exif(s, p, has_name ? at + 6 : at, has_name ? size - 6 : size);
}

bool
probe_webp(struct probe_source *s, struct media_probe *p)
{
	const unsigned char *b = probe_get(s, 0, 12);
	if (b == NULL)
		return false;
	int64_t end = (int64_t)probe_le32(b + 4) + 8;
	if (end > s->bytes)
		return false;
	int64_t at = 12;
	int64_t pictures = 0;
	int64_t frames = 0;
	for (int blocks = 0; at < end && blocks < BLOCKS_MAX; blocks++) {
		b = end - at < 8 ? NULL : probe_get(s, at, 8);
		int64_t size = b == NULL ? 0 : probe_le32(b + 4);
		if (b == NULL || size > end - at - 8)
			return false;
		unsigned char type[4];
		memcpy(type, b, 4);
		bool is_picture = memcmp(type, "VP8 ", 4) == 0 ||
		                  memcmp(type, "VP8L", 4) == 0;
		if (blocks == 0 &&
		    !(is_picture || memcmp(type, "VP8X", 4) == 0))
			return false;
		if (blocks == 0 && !webp_size(s, p, type, at + 8, size))
			return false;
		pictures += is_picture;
		frames += memcmp(type, "ANMF", 4) == 0;
		if (memcmp(type, "EXIF", 4) == 0)
			webp_exif(s, p, at + 8, size);
		at += 8 + size + (size & 1);
	}
	p->frames = frames > 0 ? frames : 1;
	return at >= end && (pictures > 0 || frames > 0);
}
