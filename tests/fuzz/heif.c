/* The container of HEIC and AVIF, as the decoder reads it: whatever is found
 * lies in the file. */
#include "media/heif.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_span(const struct heif *h, struct heif_span span)
{
	must(span.at >= 0 && span.bytes >= 0);
	must(span.bytes <= h->s->bytes - span.at);
}

static bool
check_item(const struct heif *h, uint32_t id, struct heif_item *item)
{
	if (!heif_item(h, id, item))
		return false;
	check_span(h, item->data);
	check_span(h, item->config);
	check_span(h, item->icc);
	must(item->orientation >= 1 && item->orientation <= 8);
	if (item->is_odd)
		return true;
	must(item->crop_x_px >= 0 && item->crop_y_px >= 0);
	must(item->crop_width_px >= 0 && item->crop_height_px >= 0);
	must(item->crop_x_px + item->crop_width_px <= item->width_px);
	must(item->crop_y_px + item->crop_height_px <= item->height_px);
	return true;
}

static void
check_grid(const struct heif *h, const struct heif_item *item)
{
	struct heif_grid g;
	struct heif_item tile;
	if (!heif_grid(h, item, &g))
		return;
	must(g.rows >= 1 && g.columns >= 1);
	must(g.rows * g.columns <= HEIF_TILES_MAX);
	for (int64_t i = 0; i <= g.rows * g.columns && i < 10; i++)
		(void)check_item(h, heif_tile(h, item->id, i), &tile);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char nothing;
	struct probe_source s = {.fd = -1,
	    .memory = size == 0 ? &nothing : data,
	    .bytes = (int64_t)size};
	struct heif h;
	struct heif_item item;
	struct heif_span exif;
	(void)heif_open(&s, &h);
	must(h.frames >= 1 && h.frames <= UINT32_MAX);
	if (heif_exif(&h, &exif))
		check_span(&h, exif);
	if (!check_item(&h, h.primary, &item))
		return 0;
	check_grid(&h, &item);
	if (check_item(&h, heif_alpha_of(&h, item.id), &item))
		check_grid(&h, &item);
	return 0;
}
