/* The order of work: one decode to the largest size, then each picture from
 * the smallest larger frame that still has twice its pixels on a side. */
#include "media/cascade.h"

#include "media/encode.h"

#include <math.h>

struct run {
	const struct cascade_job *job;
	struct cascade_made *made;
	double width; /* of the upright source */
	double height;
	struct frame frames[MEDIA_SIZES_MAX + 1]; /* whole ones; 0: the base */
	size_t frame_count;
};

/* Target pixels for each source pixel. */
static double
scale_of(const struct run *r, size_t i)
{
	int64_t width;
	int64_t height;
	const struct media_size *size = &r->job->sizes[i];
	cascade_fit(
	    (int64_t)r->width, (int64_t)r->height, size, &width, &height);
	double shorter = fmin(r->width, r->height);
	if (size->is_square)
		return (double)width / shorter;
	return (double)(width > height ? width : height) /
	       fmax(r->width, r->height);
}

/* The frame that all pictures come from: as large as the largest whole
 * picture, and twice a square where there is nothing larger. */
static void
base_size(const struct run *r, size_t *width, size_t *height)
{
	double scale = 0;
	for (size_t i = 0; i < r->job->count; i++) {
		double s = scale_of(r, i);
		if (r->job->sizes[i].is_square)
			s = fmin(1, 2 * s);
		if (s <= scale)
			continue;
		scale = s;
		*width = (size_t)fmax(1, round(r->width * s));
		*height = (size_t)fmax(1, round(r->height * s));
		if (r->job->sizes[i].is_square)
			continue;
		int64_t w;
		int64_t h;
		cascade_fit((int64_t)r->width, (int64_t)r->height,
		    &r->job->sizes[i], &w, &h);
		*width = (size_t)w;
		*height = (size_t)h;
	}
}

static double
frame_scale(const struct run *r, const struct frame *f)
{
	return fmax((double)f->planes[0].width / r->width,
	    (double)f->planes[0].height / r->height);
}

static const struct frame *
choose_frame(const struct run *r, double scale)
{
	size_t best = 0;
	for (size_t i = 1; i < r->frame_count; i++)
		if (frame_scale(r, &r->frames[i]) >= 2 * scale)
			best = i;
	return &r->frames[best];
}

/* `cover` source pixels from `from` on, of `source` in all, to n pixels.  A
 * chroma sample stands for two pixels on either side. */
static struct axis
axis_of(const struct plane *luma, const struct plane *in, bool is_down,
    double source, double from, double cover, size_t n, size_t target)
{
	double luma_size = (double)(is_down ? luma->height : luma->width);
	size_t in_size = is_down ? in->height : in->width;
	double half = in == luma ? 1 : 2;
	return (struct axis){.source = in_size,
	    .target = target,
	    .origin = from * luma_size / source / half,
	    .step = cover / (double)n * luma_size / source};
}

static enum err
resize(const struct run *r, const struct frame *from, bool is_square,
    struct frame *to)
{
	double side = fmin(r->width, r->height);
	double cover_x = is_square ? side : r->width;
	double cover_y = is_square ? side : r->height;
	for (size_t c = 0; c < to->count; c++) {
		struct axis x = axis_of(&from->planes[0], &from->planes[c],
		    false, r->width, (r->width - cover_x) / 2, cover_x,
		    to->planes[0].width, to->planes[c].width);
		struct axis y = axis_of(&from->planes[0], &from->planes[c],
		    true, r->height, (r->height - cover_y) / 2, cover_y,
		    to->planes[0].height, to->planes[c].height);
		TRY(plane_resample(&from->planes[c], &x, &y, &to->planes[c]));
	}
	if (!from->has_alpha)
		return OK;
	const struct plane *in = &from->planes[FRAME_ALPHA];
	struct plane *out = &to->planes[FRAME_ALPHA];
	struct axis x = axis_of(in, in, false, r->width,
	    (r->width - cover_x) / 2, cover_x, out->width, out->width);
	struct axis y = axis_of(in, in, true, r->height,
	    (r->height - cover_y) / 2, cover_y, out->height, out->height);
	return plane_resample(in, &x, &y, out);
}

static enum err
write_picture(struct run *r, size_t i, struct frame *f)
{
	struct media_picture *p = &r->made->pictures[i];
	p->width_px = (int64_t)f->planes[0].width;
	p->height_px = (int64_t)f->planes[0].height;
	int quality = r->job->sizes[i].quality;
	int fd = r->job->out_fds[i];
	switch (r->job->format) {
	case MEDIA_AS_JPEG:
		return encode_jpeg(f, quality, fd, &p->bytes);
	case MEDIA_AS_WEBP:
		return encode_webp(
		    f, quality, r->job->background, fd, &p->bytes);
	}
	return ERR_INTERNAL;
}

static enum err
make_picture(struct run *r, size_t i)
{
	int64_t width;
	int64_t height;
	const struct media_size *size = &r->job->sizes[i];
	cascade_fit(
	    (int64_t)r->width, (int64_t)r->height, size, &width, &height);
	struct frame *base = &r->frames[0];
	if (!size->is_square && (size_t)width == base->planes[0].width &&
	    (size_t)height == base->planes[0].height)
		return write_picture(r, i, base);
	const struct frame *from = choose_frame(r, scale_of(r, i));
	struct frame to;
	TRY(frame_make(&to, base->count, (size_t)width, (size_t)height));
	to.has_alpha = from->has_alpha;
	enum err e = from->has_alpha ? plane_make(&to.planes[FRAME_ALPHA],
					   (size_t)width, (size_t)height)
	                             : OK;
	if (e == OK)
		e = resize(r, from, size->is_square, &to);
	if (e == OK)
		e = write_picture(r, i, &to);
	if (e == OK && !size->is_square)
		r->frames[r->frame_count++] = to;
	else
		frame_free(&to);
	return e;
}

/* Larger pictures first, so that smaller ones can come from them. */
static enum err
make_all(struct run *r)
{
	bool done[MEDIA_SIZES_MAX] = {false};
	for (size_t n = 0; n < r->job->count; n++) {
		size_t next = r->job->count;
		for (size_t i = 0; i < r->job->count; i++)
			if (!done[i] && (next == r->job->count ||
					    scale_of(r, i) > scale_of(r, next)))
				next = i;
		done[next] = true;
		TRY(make_picture(r, next));
	}
	r->made->colour = frame_colour(&r->frames[r->frame_count - 1]);
	return OK;
}

enum err
cascade_run(decode_fn *decode, struct str bytes,
    const struct media_probe *probe, const struct cascade_job *job,
    struct cascade_made *made)
{
	bool turned = probe->orientation >= 5;
	struct run r = {.job = job,
	    .made = made,
	    .width = (double)(turned ? probe->height_px : probe->width_px),
	    .height = (double)(turned ? probe->width_px : probe->height_px)};
	struct wanted wanted = {.orientation = probe->orientation,
	    .background = job->background,
	    .keeps_alpha = job->format == MEDIA_AS_WEBP};
	base_size(&r, &wanted.width, &wanted.height);
	enum err e = decode(bytes, probe, &wanted, &r.frames[0]);
	r.frame_count = 1;
	if (e == OK)
		e = make_all(&r);
	for (size_t i = 0; i < r.frame_count; i++)
		frame_free(&r.frames[i]);
	return e;
}
