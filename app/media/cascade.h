/* All pictures of one upload, each from the next larger one.
 *
 * Decoder child only, but for cascade_fit, which the worker uses to know
 * beforehand what the child will make.
 */
#ifndef PIXLPIX_MEDIA_CASCADE_H
#define PIXLPIX_MEDIA_CASCADE_H

#include "media/decode.h"
#include "media/derive.h"

/* The pixels that `size` gives of an upright source. */
void cascade_fit(int64_t source_width, int64_t source_height,
    const struct media_size *size, int64_t *width, int64_t *height);

struct cascade_job {
	struct media_size sizes[MEDIA_SIZES_MAX];
	int out_fds[MEDIA_SIZES_MAX];
	size_t count;
	uint32_t background;
	enum media_format format;
};

struct cascade_made {
	struct media_picture pictures[MEDIA_SIZES_MAX];
	int64_t colour;
};

/* Decodes, shrinks, encodes and writes.  ERR_INPUT where the file is broken,
 * ERR_MEMORY, ERR_IO where an out_fd cannot be written. */
enum err cascade_run(decode_fn *decode, struct str bytes,
    const struct media_probe *probe, const struct cascade_job *job,
    struct cascade_made *made);

#endif
