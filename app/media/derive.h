/* From one uploaded file to the pictures that are served.
 *
 * The worker's side: probes the file, refuses what breaks a limit, starts one
 * decoder child (decode_main.c) for the rest, watches it, and checks what it
 * made.  No pixel of the upload is ever decoded in the calling process.
 */
#ifndef PIXLPIX_MEDIA_DERIVE_H
#define PIXLPIX_MEDIA_DERIVE_H

#include "base/buf.h"
#include "media/probe.h"

enum {
	MEDIA_SIZES_MAX = 8,
	MEDIA_EDGE_MAX_PX = 65500, /* the longest side of an upload */
	MEDIA_CAMERA_MAX = 256
};

/* What the pictures are written as. */
enum media_format {
	MEDIA_AS_JPEG = 0, /* baseline */
	/* Lossy WebP that is as good as the JPEG of size.quality, in the sense
	 * of media/encode.h, and smaller; a picture of which that cannot be had
	 * is left empty.  It may be transparent. */
	MEDIA_AS_WEBP
};

/* One picture to make, in sRGB and without metadata.
 * A picture is never larger than its source: where the upload's long edge is
 * below edge_px the picture has the upload's own size, and the square's side
 * is the upload's short edge where that is below edge_px. */
struct media_size {
	int64_t
	    edge_px; /* of the long edge, or of the square's side; 16 to 4096 */
	bool is_square; /* the middle of the picture, cut to a square */
	int quality;    /* of the JPEG, 1 to 100 */
};

struct media_limits {
	int64_t max_pixels;
	int64_t max_file_bytes;
	int64_t max_frames;
	int64_t address_space_bytes; /* of the child */
	int64_t cpu_s;               /* of the child */
	int64_t wall_ms;             /* from the child's start */
	int64_t decoders;    /* children at once, all processes together */
	int64_t queue;       /* callers who may wait for a child */
	int64_t queue_ms;    /* how long they wait */
	uint32_t background; /* 0xRRGGBB that shows through transparency */
	/* An open file, the same one in every process, that no one else locks;
	 * its content does not matter and stays.  -1: `decoders` is not held.
	 */
	int lock_fd;
};

/* 60 megapixels, 30 MB, 2,000 frames, 512 MiB, 10 s, 15 s, 1 decoder per
 * core (at least 1), 16 waiting for at most 20 s, white, no lock file. */
struct media_limits media_limits_default(void);

enum media_refusal {
	MEDIA_FINE = 0,
	MEDIA_EMPTY,      /* no bytes */
	MEDIA_WRONG_TYPE, /* none that is accepted, or an odd one; see kind */
	MEDIA_TOO_MANY_BYTES,
	MEDIA_TOO_MANY_PIXELS,
	MEDIA_TOO_LONG, /* a side beyond MEDIA_EDGE_MAX_PX */
	MEDIA_TOO_MANY_FRAMES,
	MEDIA_NO_PIXELS, /* width or height 0 */
	MEDIA_BROKEN,    /* cut off or damaged */
	MEDIA_TOO_SLOW,  /* CPU or wall-clock limit */
	MEDIA_TOO_MUCH_MEMORY,
	MEDIA_REFUSAL_COUNT_
};

struct media_picture {
	int64_t width_px;
	int64_t height_px;
	int64_t bytes; /* 0: no WebP is worth it */
	bool has_alpha;
};

struct media_result {
	enum media_refusal refusal;
	enum media_kind kind;
	/* Of the upload, upright (orientation applied); 0 where unknown. */
	int64_t width_px;
	int64_t height_px;
	int64_t bytes;
	int64_t frames;
	bool is_animated; /* frames > 1; the pictures show the first frame */
	int64_t colour;   /* the mean, quantised: r>>6<<4 | g>>6<<2 | b>>6 */
	struct media_picture
	    made[MEDIA_SIZES_MAX]; /* in the order of `sizes` */
	int64_t original_bytes; /* of the stripped upload; 0: there is none */
	/* Make, lens and exposure in printable ASCII, as media/camera.h says;
	 * ends with NUL. */
	char camera[MEDIA_CAMERA_MAX];
	/* What the child used, for logs.  Linux counts the memory of the worker
	 * that started it into its peak. */
	int64_t cpu_us;
	int64_t wall_us;
	int64_t peak_bytes;
};

struct media_task {
	int in_fd; /* a regular file, read from offset 0 */
	const struct media_size *sizes;
	size_t count; /* 1 to MEDIA_SIZES_MAX */
	enum media_format format;
	/* One for each size: an empty regular file open for reading and
	 * writing, positioned at 0. */
	const int *out_fds;
	/* Another for the upload without metadata (media/strip.h), or -1.  Only
	 * a file that is whole and has the same pixels counts. */
	int original_fd;
};

/* Makes the pictures of a file.  The caller owns all descriptors; nothing is
 * synced.  `decoder_path` is the installed pixlpix-decode; the child gets an
 * empty environment.
 *
 * Blocks for at most queue_ms + wall_ms and some scheduling time.
 *
 * On every outcome *out is filled as far as known.  On failure the content
 * of the out_fds is undefined: remove the files.
 *
 * ERR_INPUT: the file is refused, out->refusal says why, media_put_refusal
 * puts it in words.  ERR_BUSY: all decoders are taken and the queue is full,
 * or the wait was too long.  ERR_IO: a system call failed (logged).
 * ERR_INTERNAL: the decoder is not there, or breaks its contract (logged). */
enum err media_run(const struct media_limits *limits, const char *decoder_path,
    const struct media_task *task, struct media_result *out);

/* media_run that makes JPEGs and nothing else. */
enum err media_derive(const struct media_limits *limits,
    const char *decoder_path, int in_fd, const struct media_size *sizes,
    size_t count, const int *out_fds, struct media_result *out);

/* Why the file was refused and what to do, one or two English sentences for
 * the person who sent it: "This is an SVG drawing ...".  Plain text.  Nothing
 * for MEDIA_FINE. */
void media_put_refusal(struct buf *b, const struct media_limits *limits,
    const struct media_result *result);

/* A constant lower-case word for the log, such as "too_many_pixels". */
const char *media_refusal_name(enum media_refusal refusal);

#endif
