/* Stripping uploads: any bytes end, and what comes out is the same picture by
 * what the prober sees. */
#include "media/strip.h"
#include "media/camera.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_camera(struct str tiff)
{
	char camera[CAMERA_MAX];
	camera_read(tiff, camera);
	size_t len = strnlen(camera, sizeof camera);
	must(len < sizeof camera);
	for (size_t i = 0; i < len; i++)
		must(camera[i] >= ' ' && camera[i] <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct media_probe p;
	struct media_probe q;
	struct str bytes = {(const char *)data, size};
	must(media_probe_bytes(bytes, &p) == OK);
	check_camera(bytes);
	check_camera(str_slice(bytes, (size_t)p.exif_at, (size_t)p.exif_bytes));
	if (!p.is_whole || !strip_knows(p.kind))
		return 0;
	int fd = memfd_create("stripped", MFD_CLOEXEC);
	must(fd >= 0);
	if (strip_write(bytes, &p, fd) == OK) {
		must(media_probe_fd(fd, &q) == OK);
		must(q.kind == p.kind && q.is_whole);
		/* HEIC and AVIF are put together anew. */
		must(q.bytes <= p.bytes + 64 ||
		     (q.bytes <= 2 * p.bytes + 65536 &&
			 (p.kind == MEDIA_KIND_HEIC ||
			     p.kind == MEDIA_KIND_AVIF)));
		must(q.frames == p.frames || p.kind == MEDIA_KIND_PNG);
	}
	(void)close(fd);
	return 0;
}
