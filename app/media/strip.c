/* A walk over the blocks of each format; what stays is written at once.
 *
 * Every walk ends: it goes on by at least one byte in each step, and what it
 * reads it has asked has(s, ...) for.
 */
#include "media/strip.h"

#include "media/probe_formats.h"
#include "media/strip_heif.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct stripper {
	const unsigned char *at; /* all of the file */
	size_t bytes;
	size_t place; /* how far it has been read */
	int orientation;
	int fd;
	enum err failure; /* of writing, sticky */
};

/* Whether `size` bytes are left. */
static bool
has(const struct stripper *s, size_t size)
{
	return size <= s->bytes - s->place;
}

static const unsigned char *
here(const struct stripper *s)
{
	return s->at + s->place;
}

static void
put(struct stripper *s, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	while (s->failure == OK && size > 0) {
		ssize_t n = write(s->fd, at, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			s->failure = ERR_IO;
		else {
			at += n;
			size -= (size_t)n;
		}
	}
}

/* The next `size` bytes, as they are. */
static void
keep(struct stripper *s, size_t size)
{
	put(s, here(s), size);
	s->place += size;
}

/* A TIFF structure with the orientation and nothing else (TIFF 6.0 section
 * 2). */
enum {
	TIFF_BYTES = 26
};

static void
make_tiff(int orientation, unsigned char tiff[TIFF_BYTES])
{
	static const unsigned char shape[TIFF_BYTES] = {'M', 'M', 0, 42, 0, 0,
	    0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0};
	memcpy(tiff, shape, TIFF_BYTES);
	tiff[19] = (unsigned char)orientation;
}

/* JPEG */

static bool
starts(const unsigned char *at, size_t size, const char *name, size_t length)
{
	return size >= length && memcmp(at, name, length) == 0;
}

/* Whether the picture needs the segment; `size` without marker and length. */
static bool
jpeg_needs(unsigned marker, const unsigned char *at, size_t size)
{
	if (marker == 0xe2)
		return starts(at, size, "ICC_PROFILE\0", 12);
	if (marker == 0xee)
		return starts(at, size, "Adobe", 5);
	return !(marker >= 0xe0 && marker <= 0xef) && marker != 0xfe;
}

static bool
jpeg_has_jfif(const struct stripper *s)
{
	return s->bytes > 11 && s->at[2] == 0xff && s->at[3] == 0xe0 &&
	       memcmp(s->at + 6, "JFIF", 5) == 0;
}

/* A file without JFIF's segment gets none: its components may be RGB by their
 * names, which JFIF would overrule. */
static void
jpeg_put_head(struct stripper *s)
{
	/* Version 1.01, no density, no thumbnail. */
	static const unsigned char jfif[] = {0xff, 0xe0, 0, 16, 'J', 'F', 'I',
	    'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
	static const unsigned char exif[] = {
	    0xff, 0xe1, 0, 8 + TIFF_BYTES, 'E', 'x', 'i', 'f', 0, 0};
	unsigned char tiff[TIFF_BYTES];
	put(s, s->at, 2);
	if (jpeg_has_jfif(s))
		put(s, jfif, sizeof jfif);
	if (s->orientation == 1)
		return;
	make_tiff(s->orientation, tiff);
	put(s, exif, sizeof exif);
	put(s, tiff, sizeof tiff);
}

/* Compressed data up to the next marker that is one. */
static void
jpeg_keep_scan(struct stripper *s)
{
	size_t from = s->place;
	size_t at = from;
	while (at < s->bytes) {
		const unsigned char *p =
		    memchr(s->at + at, 0xff, s->bytes - at);
		if (p == NULL || p + 1 >= s->at + s->bytes) {
			at = s->bytes;
			break;
		}
		at = (size_t)(p - s->at);
		if (p[1] != 0 && !(p[1] >= 0xd0 && p[1] <= 0xd7))
			break;
		at += 2;
	}
	keep(s, at - from);
}

static enum err
strip_jpeg(struct stripper *s)
{
	static const unsigned char end[] = {0xff, 0xd9};
	if (!has(s, 4))
		return ERR_INPUT;
	jpeg_put_head(s);
	s->place = 2;
	while (has(s, 2) && here(s)[0] == 0xff) {
		unsigned marker = here(s)[1];
		if (marker == 0xff) { /* fill byte */
			s->place++;
			continue;
		}
		if (marker == 0xd9) {
			put(s, end, sizeof end);
			return OK;
		}
		if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
			keep(s, 2);
			continue;
		}
		size_t size = has(s, 4) ? probe_be16(here(s) + 2) : 0;
		if (size < 2 || !has(s, size + 2))
			return ERR_INPUT;
		if (jpeg_needs(marker, here(s) + 4, size - 2))
			keep(s, size + 2);
		else
			s->place += size + 2;
		if (marker == 0xda)
			jpeg_keep_scan(s);
	}
	return ERR_INPUT; /* its end is missing */
}

/* PNG */

/* ISO/IEC 15948 annex D. */
static uint32_t
png_crc(const unsigned char *at, size_t size)
{
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < size; i++) {
		crc ^= at[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void
png_put_orientation(struct stripper *s)
{
	unsigned char chunk[12 + TIFF_BYTES] = {
	    0, 0, 0, TIFF_BYTES, 'e', 'X', 'I', 'f'};
	if (s->orientation == 1)
		return;
	make_tiff(s->orientation, chunk + 8);
	uint32_t crc = png_crc(chunk + 4, 4 + TIFF_BYTES);
	for (int i = 0; i < 4; i++)
		chunk[8 + TIFF_BYTES + i] =
		    (unsigned char)(crc >> (24 - 8 * i));
	put(s, chunk, sizeof chunk);
}

static bool
is_among(const unsigned char *type, const char *names)
{
	for (; *names != '\0'; names += 4)
		if (memcmp(type, names, 4) == 0)
			return true;
	return false;
}

static enum err
strip_png(struct stripper *s)
{
	if (!has(s, 8))
		return ERR_INPUT;
	keep(s, 8);
	while (has(s, 12)) {
		size_t size = probe_be32(here(s));
		const unsigned char *type = here(s) + 4;
		if (!has(s, 12 + size))
			return ERR_INPUT;
		if (is_among(type,
			"IHDRPLTEIDATIENDtRNSgAMAcHRMsRGBiCCPcICPsBITbKGDpHYs"
			"acTLfcTLfdAT"))
			keep(s, 12 + size);
		else
			s->place += 12 + size;
		if (memcmp(type, "IHDR", 4) == 0)
			png_put_orientation(s);
		if (memcmp(type, "IEND", 4) == 0)
			return OK;
	}
	return ERR_INPUT;
}

/* GIF */

/* The length of a chain of sub-blocks that starts `from` here; 0 where it is
 * cut off. */
static size_t
gif_chain(const struct stripper *s, size_t from)
{
	size_t length = from;
	while (has(s, length + 1)) {
		size_t size = here(s)[length];
		length += size + 1;
		if (size == 0)
			return has(s, length) ? length : 0;
	}
	return 0;
}

static size_t
gif_palette(unsigned flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* Timing and transparency, and how often an animation is shown. */
static bool
gif_needs(const struct stripper *s, size_t size)
{
	if (here(s)[1] == 0xf9)
		return true;
	return here(s)[1] == 0xff && size >= 14 &&
	       (memcmp(here(s) + 2, "\x0bNETSCAPE2.0", 12) == 0 ||
		   memcmp(here(s) + 2,
		       "\x0b"
		       "ANIMEXTS1.0",
		       12) == 0);
}

static enum err
gif_block(struct stripper *s)
{
	size_t size = 0;
	bool is_kept = true;
	if (here(s)[0] == '!' && has(s, 3)) {
		size = gif_chain(s, 2);
		is_kept = gif_needs(s, size);
	} else if (here(s)[0] == ',' && has(s, 11)) {
		size = gif_chain(s, 10 + gif_palette(here(s)[9]) + 1);
	}
	if (size == 0)
		return ERR_INPUT;
	if (is_kept)
		keep(s, size);
	else
		s->place += size;
	return OK;
}

static enum err
strip_gif(struct stripper *s)
{
	size_t head = has(s, 13) ? 13 + gif_palette(here(s)[10]) : 0;
	if (head == 0 || !has(s, head))
		return ERR_INPUT;
	keep(s, head);
	while (has(s, 1)) {
		if (here(s)[0] == ';') {
			keep(s, 1);
			return OK;
		}
		TRY(gif_block(s));
	}
	return ERR_INPUT;
}

/* WebP */

enum {
	WEBP_HEAD = 8, /* of a chunk */
	WEBP_FRAME = 16,
	WEBP_HAS_XMP = 4,
	WEBP_HAS_EXIF = 8
};

/* Called twice: to count, then to write. */
struct webp {
	struct stripper *s;
	bool writes;
	size_t bytes;
};

static void
webp_put(struct webp *w, const void *at, size_t size)
{
	w->bytes += size;
	if (w->writes)
		put(w->s, at, size);
}

static void
webp_put_head(struct webp *w, const char *type, size_t size)
{
	unsigned char head[WEBP_HEAD];
	memcpy(head, type, 4);
	for (int i = 0; i < 4; i++)
		head[4 + i] = (unsigned char)(size >> 8 * i);
	webp_put(w, head, sizeof head);
}

/* Size of the chunk at `at`, with its head and padding; 0 where it does not
 * fit. */
static size_t
webp_chunk(const unsigned char *at, size_t left)
{
	if (left < WEBP_HEAD)
		return 0;
	size_t size = probe_le32(at + 4);
	if (size > left - WEBP_HEAD)
		return 0;
	size += WEBP_HEAD + (size & 1);
	return size > left ? 0 : size;
}

/* The chunks in a frame of an animation that are pixels. */
static enum err
webp_frame(struct webp *w, const unsigned char *at, size_t size)
{
	size_t kept = WEBP_FRAME;
	if (size < WEBP_HEAD + WEBP_FRAME)
		return ERR_INPUT;
	for (int pass = 0; pass < 2; pass++) {
		if (pass == 1) {
			webp_put_head(w, "ANMF", kept);
			webp_put(w, at + WEBP_HEAD, WEBP_FRAME);
		}
		size_t i = WEBP_HEAD + WEBP_FRAME;
		while (i < size) {
			size_t n = webp_chunk(at + i, size - i);
			if (n == 0)
				return ERR_INPUT;
			if (is_among(at + i, "VP8 VP8LALPH")) {
				if (pass == 0)
					kept += n;
				else
					webp_put(w, at + i, n);
			}
			i += n;
		}
	}
	return OK;
}

static void
webp_put_orientation(struct webp *w)
{
	unsigned char tiff[TIFF_BYTES];
	make_tiff(w->s->orientation, tiff);
	webp_put_head(w, "EXIF", sizeof tiff);
	webp_put(w, tiff, sizeof tiff);
}

static enum err
webp_walk(struct webp *w, size_t end)
{
	const unsigned char *file = w->s->at;
	bool turns = w->s->orientation != 1;
	bool is_extended = false;
	for (size_t at = 12; at < end;) {
		const unsigned char *chunk = file + at;
		size_t n = webp_chunk(chunk, end - at);
		if (n == 0)
			return ERR_INPUT;
		if (memcmp(chunk, "VP8X", 4) == 0) {
			if (n != 18)
				return ERR_INPUT;
			unsigned char extended[18];
			memcpy(extended, chunk, sizeof extended);
			extended[8] &=
			    (unsigned char)~(WEBP_HAS_XMP | WEBP_HAS_EXIF);
			if (turns)
				extended[8] |= WEBP_HAS_EXIF;
			webp_put(w, extended, sizeof extended);
			is_extended = true;
		} else if (memcmp(chunk, "ANMF", 4) == 0) {
			TRY(webp_frame(w, chunk, n));
		} else if (is_among(chunk, "VP8 VP8LALPHANIMICCP")) {
			webp_put(w, chunk, n);
		}
		at += n;
	}
	if (turns && is_extended)
		webp_put_orientation(w);
	return OK;
}

static enum err
strip_webp(struct stripper *s)
{
	if (!has(s, 12))
		return ERR_INPUT;
	size_t end = (size_t)probe_le32(s->at + 4) + 8;
	if (end > s->bytes)
		return ERR_INPUT;
	struct webp w = {.s = s};
	TRY(webp_walk(&w, end));
	size_t size = w.bytes + 4;
	w.writes = true;
	webp_put_head(&w, "RIFF", size);
	webp_put(&w, "WEBP", 4);
	return webp_walk(&w, end);
}

static void
put_part(void *stripper, struct str bytes)
{
	put(stripper, bytes.at, bytes.len);
}

bool
strip_knows(enum media_kind kind)
{
	return kind == MEDIA_KIND_JPEG || kind == MEDIA_KIND_PNG ||
	       kind == MEDIA_KIND_GIF || kind == MEDIA_KIND_WEBP ||
	       kind == MEDIA_KIND_HEIC || kind == MEDIA_KIND_AVIF;
}

enum err
strip_write(struct str bytes, const struct media_probe *probe, int fd)
{
	struct stripper s = {.at = (const unsigned char *)bytes.at,
	    .bytes = bytes.len,
	    .orientation = probe->orientation,
	    .fd = fd};
	enum err e = ERR_INPUT;
	if (probe->kind == MEDIA_KIND_JPEG)
		e = strip_jpeg(&s);
	else if (probe->kind == MEDIA_KIND_PNG)
		e = strip_png(&s);
	else if (probe->kind == MEDIA_KIND_GIF)
		e = strip_gif(&s);
	else if (probe->kind == MEDIA_KIND_WEBP)
		e = strip_webp(&s);
	else if (probe->kind == MEDIA_KIND_HEIC ||
		 probe->kind == MEDIA_KIND_AVIF)
		e = strip_heif(bytes, probe, put_part, &s);
	return e == OK ? s.failure : e;
}
