/* What size a picture will have; the worker and its child must agree. */
#include "media/cascade.h"

static int64_t
at_least_one(int64_t n)
{
	return n < 1 ? 1 : n;
}

void
cascade_fit(int64_t source_width, int64_t source_height,
    const struct media_size *size, int64_t *width, int64_t *height)
{
	bool is_wide = source_width >= source_height;
	int64_t longer = is_wide ? source_width : source_height;
	int64_t shorter = is_wide ? source_height : source_width;
	int64_t edge = size->edge_px;
	if (size->is_square) {
		*width = *height = shorter < edge ? shorter : edge;
		return;
	}
	if (longer > edge) {
		/* Rounded to the nearest; both are far below 2^31. */
		shorter =
		    at_least_one((shorter * edge * 2 + longer) / (longer * 2));
		longer = edge;
	}
	*width = is_wide ? longer : shorter;
	*height = is_wide ? shorter : longer;
}
