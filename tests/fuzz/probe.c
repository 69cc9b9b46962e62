/* The prober of uploads: any bytes give an answer that makes sense. */
#include "media/probe.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct media_probe p;
	struct str bytes = {(const char *)data, size};
	must(media_probe_bytes(bytes, &p) == OK);
	must(p.bytes == (int64_t)size);
	must(p.kind < MEDIA_KIND_COUNT_);
	must(p.orientation >= 1 && p.orientation <= 8);
	must(p.width_px >= 0 && p.width_px <= UINT32_MAX);
	must(p.height_px >= 0 && p.height_px <= UINT32_MAX);
	must(p.frames >= 0 && p.frames <= UINT32_MAX);
	must(p.frame_data_at >= 0);
	must(!p.is_whole || p.frames > 0);
	return 0;
}
