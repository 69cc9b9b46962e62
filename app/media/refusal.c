/* Refusals in words: what is wrong, and what the person can do about it. */
#include "media/derive.h"

const char *
media_refusal_name(enum media_refusal refusal)
{
	static const char *const names[MEDIA_REFUSAL_COUNT_] = {
	    [MEDIA_FINE] = "fine",
	    [MEDIA_EMPTY] = "empty",
	    [MEDIA_WRONG_TYPE] = "wrong_type",
	    [MEDIA_TOO_MANY_BYTES] = "too_many_bytes",
	    [MEDIA_TOO_MANY_PIXELS] = "too_many_pixels",
	    [MEDIA_TOO_LONG] = "too_long",
	    [MEDIA_TOO_MANY_FRAMES] = "too_many_frames",
	    [MEDIA_NO_PIXELS] = "no_pixels",
	    [MEDIA_BROKEN] = "broken",
	    [MEDIA_TOO_SLOW] = "too_slow",
	    [MEDIA_TOO_MUCH_MEMORY] = "too_much_memory",
	};
	return refusal < MEDIA_REFUSAL_COUNT_ ? names[refusal] : "unknown";
}

static struct str
advice(enum media_kind kind)
{
	switch (kind) {
	case MEDIA_KIND_HEIC:
		return STR("This is a HEIC file of a kind that we cannot "
			   "read. Export the picture as JPEG and send that; "
			   "to have all of them as JPEG, choose on an iPhone "
			   "Settings, Camera, Formats, Most Compatible.");
	case MEDIA_KIND_AVIF:
		return STR("This is an AVIF file of a kind that we cannot "
			   "read. Save the picture as JPEG, PNG or WebP and "
			   "send that.");
	case MEDIA_KIND_JXL:
		return STR("This is a JPEG XL picture, which is not "
			   "supported. Save it as JPEG, PNG or WebP and send "
			   "that.");
	case MEDIA_KIND_SVG:
		return STR("This is an SVG drawing, which is not supported. "
			   "Export it as PNG and send that.");
	case MEDIA_KIND_TIFF:
		return STR("This is a TIFF or camera raw picture, which is "
			   "not supported. Export it as JPEG or PNG and send "
			   "that.");
	case MEDIA_KIND_BMP:
		return STR("This is a BMP picture, which is not supported. "
			   "Save it as PNG and send that.");
	case MEDIA_KIND_VIDEO:
		return STR("This is a video. Only pictures can be posted: "
			   "JPEG, PNG, GIF, WebP, HEIC or AVIF.");
	case MEDIA_KIND_PDF:
		return STR("This is a PDF document. Only pictures can be "
			   "posted: JPEG, PNG, GIF, WebP, HEIC or AVIF.");
	case MEDIA_KIND_UNKNOWN:
	case MEDIA_KIND_JPEG:
	case MEDIA_KIND_PNG:
	case MEDIA_KIND_GIF:
	case MEDIA_KIND_WEBP:
	case MEDIA_KIND_COUNT_:
		break;
	}
	return STR("This is not a picture that we can read. Send a JPEG, "
		   "PNG, GIF, WebP, HEIC or AVIF.");
}

/* In units of `unit`, with one decimal, a trailing ".0" left out. */
static void
put_units(struct buf *b, int64_t n, int64_t unit, bool is_up)
{
	int64_t tenths = (n / (unit / 10)) + (is_up && n % (unit / 10) != 0);
	buf_put_int(b, tenths / 10);
	if (tenths % 10 != 0)
		buf_printf(b, ".%d", (int)(tenths % 10));
}

static void
put_pixels(struct buf *b, const struct media_limits *limits,
    const struct media_result *result)
{
	buf_put(b, STR("The picture has "));
	if (result->width_px > 0 && result->height_px > 0 &&
	    result->height_px > limits->max_pixels / result->width_px)
		buf_printf(b, "%lld x %lld pixels, more",
		    (long long)result->width_px, (long long)result->height_px);
	else
		buf_put(b, STR("more pixels"));
	buf_put(b, STR(" than the "));
	put_units(b, limits->max_pixels, 1000000, false);
	buf_put(b, STR(" million that are allowed. Make it smaller and send "
		       "it again."));
}

static void
put_bytes(struct buf *b, const struct media_limits *limits,
    const struct media_result *result)
{
	buf_put(b, STR("The file has "));
	put_units(b, result->bytes, 1 << 20, true);
	buf_put(b, STR(" MB, more than the "));
	put_units(b, limits->max_file_bytes, 1 << 20, false);
	buf_put(b, STR(" MB that are allowed. Make it smaller and send it "
		       "again."));
}

void
media_put_refusal(struct buf *b, const struct media_limits *limits,
    const struct media_result *result)
{
	switch (result->refusal) {
	case MEDIA_FINE:
	case MEDIA_REFUSAL_COUNT_:
		return;
	case MEDIA_EMPTY:
		buf_put(b, STR("The file is empty. Choose it again."));
		return;
	case MEDIA_WRONG_TYPE:
		buf_put(b, advice(result->kind));
		return;
	case MEDIA_TOO_MANY_BYTES:
		put_bytes(b, limits, result);
		return;
	case MEDIA_TOO_MANY_PIXELS:
		put_pixels(b, limits, result);
		return;
	case MEDIA_TOO_LONG:
		buf_printf(b,
		    "The picture is %lld x %lld pixels; no side may be longer "
		    "than %d. Cut it and send it again.",
		    (long long)result->width_px, (long long)result->height_px,
		    (int)MEDIA_EDGE_MAX_PX);
		return;
	case MEDIA_TOO_MANY_FRAMES:
		buf_printf(b,
		    "The animation has %lld frames, more than the %lld that "
		    "are allowed. Send a shorter one or a single picture.",
		    (long long)result->frames, (long long)limits->max_frames);
		return;
	case MEDIA_NO_PIXELS:
		buf_put(b, STR("The picture has no pixels: its width or "
			       "height is 0. Save it again and send that."));
		return;
	case MEDIA_BROKEN:
		buf_put(b, STR("The picture is damaged or cut off. Try to "
			       "send it again, or save it anew with a picture "
			       "program first."));
		return;
	case MEDIA_TOO_SLOW:
		buf_put(b, STR("The picture took too long to read. Save it "
			       "as an ordinary JPEG, or make it smaller, and "
			       "send that."));
		return;
	case MEDIA_TOO_MUCH_MEMORY:
		buf_put(b, STR("The picture needs too much memory to read. "
			       "Save it as an ordinary JPEG, or make it "
			       "smaller, and send that."));
		return;
	}
}
