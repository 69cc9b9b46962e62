/* Inside of the prober: bounded reading, and a walker for each format. */
#ifndef PIXLPIX_MEDIA_PROBE_FORMATS_H
#define PIXLPIX_MEDIA_PROBE_FORMATS_H

#include "media/probe.h"

enum {
	PROBE_GET_MAX = 4096 /* bytes that one probe_get may ask for */
};

struct probe_source {
	int fd;
	const unsigned char *memory; /* instead of fd, or NULL */
	int64_t bytes;               /* of all */
	int64_t window_at;
	size_t window_bytes;
	bool is_failed; /* a read failed, errno says why */
	unsigned char window[2 * PROBE_GET_MAX];
};

/* `size` (at most PROBE_GET_MAX) bytes from offset `at`; good until the next
 * call.  NULL past the end and where reading failed. */
const unsigned char *probe_get(struct probe_source *s, int64_t at, size_t size);

/* Each fills in *p what it finds on its way and returns whether the chain of
 * blocks is sound up to its end. */
bool probe_jpeg(struct probe_source *s, struct media_probe *p);
bool probe_png(struct probe_source *s, struct media_probe *p);
bool probe_gif(struct probe_source *s, struct media_probe *p);
bool probe_webp(struct probe_source *s, struct media_probe *p);

/* The orientation in a TIFF structure at `at`, `size` bytes long; 1 where
 * there is none or it makes no sense. */
int probe_exif(struct probe_source *s, int64_t at, int64_t size);

static inline uint32_t
probe_be16(const unsigned char *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t
probe_be32(const unsigned char *p)
{
	return probe_be16(p) << 16 | probe_be16(p + 2);
}

static inline uint32_t
probe_le16(const unsigned char *p)
{
	return (uint32_t)p[1] << 8 | p[0];
}

static inline uint32_t
probe_le24(const unsigned char *p)
{
	return (uint32_t)p[2] << 16 | probe_le16(p);
}

static inline uint32_t
probe_le32(const unsigned char *p)
{
	return probe_le16(p + 2) << 16 | probe_le16(p);
}

#endif
