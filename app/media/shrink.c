/* One resampler for each component, then colour, then turning. */
#include "media/shrink.h"

/* The next component behind c; PLANES_MAX at the end. */
static size_t
next_component(const struct source *s, size_t c)
{
	return c + 1 < colour_planes(s->model)        ? c + 1
	       : s->has_alpha && c + 1 == FRAME_ALPHA ? FRAME_ALPHA
	                                              : PLANES_MAX;
}

void
source_fill(struct source *s)
{
	for (size_t c = 0; c < PLANES_MAX; c = next_component(s, c))
		s->components[c] =
		    (struct source_component){s->width, s->height, 1, 1};
}

static bool
turns(int orientation)
{
	return orientation >= 5;
}

static bool
mirrors_across(int o)
{
	return o == 2 || o == 3 || o == 7 || o == 8;
}

static bool
mirrors_down(int o)
{
	return o == 3 || o == 4 || o == 6 || o == 7;
}

/* `full` pixels of the picture, `per` samples for each, go to `target`
 * samples of which each covers `cover` pixels of the frame. */
static struct axis
axis_of(size_t source, double per, size_t full, size_t frame, size_t target,
    double cover, bool is_mirrored)
{
	double step = (double)full / (double)frame * cover * per;
	return (struct axis){.source = source,
	    .target = target,
	    .origin = is_mirrored ? (double)full * per : 0,
	    .step = is_mirrored ? -step : step};
}

static enum err
component_make(struct shrink *s, size_t c)
{
	int o = s->wanted.orientation;
	size_t width = turns(o) ? s->wanted.height : s->wanted.width;
	size_t height = turns(o) ? s->wanted.width : s->wanted.height;
	bool is_half = s->is_direct && c > 0 && c != FRAME_ALPHA;
	double cover = is_half ? 2 : 1;
	const struct source_component *from = &s->source.components[c];
	struct plane *to = &s->planes[c];
	TRY(plane_make(to, is_half ? (width + 1) / 2 : width,
	    is_half ? (height + 1) / 2 : height));
	struct axis x = axis_of(from->width, from->across, s->source.width,
	    width, to->width, cover, mirrors_across(o));
	struct axis y = axis_of(from->height, from->down, s->source.height,
	    height, to->height, cover, mirrors_down(o));
	return resampler_make(&s->resamplers[c], &x, &y, s->source.group, to);
}

enum err
shrink_make(struct shrink *s, const struct wanted *wanted,
    const struct source *source, struct colour_transform *transform)
{
	*s = (struct shrink){.wanted = *wanted,
	    .source = *source,
	    .transform = transform,
	    .is_direct = source->model == COLOUR_YCC &&
	                 source->matrix.red <= 0 && transform == NULL};
	for (size_t c = 0; c < PLANES_MAX; c = next_component(source, c)) {
		enum err e = component_make(s, c);
		if (e != OK) {
			shrink_free(s);
			return e;
		}
	}
	return OK;
}

void
shrink_free(struct shrink *s)
{
	for (size_t c = 0; c < PLANES_MAX; c++) {
		resampler_free(&s->resamplers[c]);
		plane_free(&s->planes[c]);
	}
}

uint8_t *
shrink_row(struct shrink *s, size_t component, size_t ahead)
{
	return resampler_row(&s->resamplers[component], ahead);
}

void
shrink_filled(struct shrink *s, size_t component, size_t rows)
{
	resampler_filled(&s->resamplers[component], rows);
}

static enum err
turn(struct frame *f)
{
	for (size_t c = 0; c < PLANES_MAX; c++) {
		struct plane turned;
		if (f->planes[c].at == NULL)
			continue;
		TRY(plane_transpose(&f->planes[c], &turned));
		plane_free(&f->planes[c]);
		f->planes[c] = turned;
	}
	return OK;
}

enum err
shrink_finish(struct shrink *s, struct frame *out)
{
	size_t count = colour_planes(s->source.model);
	struct frame made = {.count = count};
	for (size_t c = 0; c < PLANES_MAX; c = next_component(&s->source, c)) {
		if (s->resamplers[c].made < s->planes[c].height)
			return ERR_INPUT;
		resampler_free(&s->resamplers[c]);
	}
	if (s->is_direct) {
		for (size_t c = 0; c < count; c++) {
			made.planes[c] = s->planes[c];
			s->planes[c] = (struct plane){0};
		}
	} else {
		TRY(colour_to_frame(s->planes, s->source.model,
		    &s->source.matrix, s->transform, &made));
	}
	/* What is opaque all over has nothing to keep. */
	if (s->source.has_alpha && plane_least(&s->planes[FRAME_ALPHA]) < 255) {
		made.has_alpha = true;
		made.planes[FRAME_ALPHA] = s->planes[FRAME_ALPHA];
		s->planes[FRAME_ALPHA] = (struct plane){0};
	}
	enum err e = turns(s->wanted.orientation) ? turn(&made) : OK;
	if (e != OK) {
		frame_free(&made);
		return e;
	}
	*out = made;
	return OK;
}
