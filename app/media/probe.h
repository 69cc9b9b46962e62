/* What an uploaded file is, found without any codec.
 *
 * Reads headers and the chain of blocks alone, never pixel data, in bounded
 * time and memory, so that a bomb is seen before a decoder is started.
 */
#ifndef PIXLPIX_MEDIA_PROBE_H
#define PIXLPIX_MEDIA_PROBE_H

#include "base/str.h"

enum media_kind {
	MEDIA_KIND_UNKNOWN = 0,
	MEDIA_KIND_JPEG,
	MEDIA_KIND_PNG,
	MEDIA_KIND_GIF,
	MEDIA_KIND_WEBP,
	MEDIA_KIND_HEIC,
	MEDIA_KIND_AVIF,
	/* The rest is recognised in order to be refused by its name. */
	MEDIA_KIND_JXL,
	MEDIA_KIND_SVG,
	MEDIA_KIND_TIFF,
	MEDIA_KIND_BMP,
	MEDIA_KIND_VIDEO,
	MEDIA_KIND_PDF,
	MEDIA_KIND_COUNT_
};

struct media_probe {
	enum media_kind kind;
	bool is_whole; /* the structure is sound up to its end */
	/* HEIC and AVIF: sound, and of a kind that cannot be shown, such as
	 * moving pictures alone. */
	bool is_odd;
	int64_t bytes;
	/* As stored, before orientation, and of HEIC and AVIF what is cut out;
	 * 0 where unknown. */
	int64_t width_px;
	int64_t height_px;
	int64_t frames; /* 1 for a still picture */
	bool has_alpha; /* WebP says that it may be transparent */
	/* EXIF 2.32 tag 0x0112, 1 to 8; 1 where absent.  HEIC and AVIF say it
	 * in properties of their own, and EXIF's counts for nothing. */
	int orientation;
	/* Where EXIF's TIFF structure lies in the file; 0, 0 where absent. */
	int64_t exif_at;
	int64_t exif_bytes;
	/* GIF: where the first frame lies on the canvas; it may reach past it.
	 */
	int64_t frame_x_px;
	int64_t frame_y_px;
	int64_t frame_width_px;
	int64_t frame_height_px;
	int64_t frame_data_at; /* offset of its LZW code size; 0: no frame */
};

/* Reads the file behind `fd` (regular, read from offset 0 with pread, the
 * file offset does not matter and stays).  A file that is no picture is no
 * error: look at kind and is_whole.  ERR_IO where the file cannot be read.
 *
 * Sources: JPEG ITU-T T.81 annex B, PNG ISO/IEC 15948 clause 5 and 11, GIF89a
 * appendix A, RFC 9649 (WebP), TIFF 6.0 section 2; for HEIC and AVIF see
 * media/heif.h. */
enum err media_probe_fd(int fd, struct media_probe *out);

/* The same for bytes in memory. */
enum err media_probe_bytes(struct str bytes, struct media_probe *out);

/* "JPEG", "HEIC"; "unknown" for MEDIA_KIND_UNKNOWN. */
const char *media_kind_name(enum media_kind kind);

#endif
