/* Types by their first bytes, then the chain of blocks of the types that are
 * accepted.  Every read goes through probe_get, which knows the end. */
#include "media/probe.h"

#include "base/log.h"
#include "media/heif.h"
#include "media/probe_formats.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const unsigned char *
probe_get(struct probe_source *s, int64_t at, size_t size)
{
	if (at < 0 || at > s->bytes || (int64_t)size > s->bytes - at)
		return NULL;
	if (s->memory != NULL)
		return s->memory + at;
	int64_t in_window = at - s->window_at;
	if (in_window >= 0 &&
	    in_window + (int64_t)size <= (int64_t)s->window_bytes)
		return s->window + in_window;
	s->window_at = at;
	s->window_bytes = 0;
	size_t full = sizeof s->window;
	while (s->window_bytes < full) {
		ssize_t n = pread(s->fd, s->window + s->window_bytes,
		    full - s->window_bytes, at + (int64_t)s->window_bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			s->is_failed = true;
		if (n <= 0)
			break;
		s->window_bytes += (size_t)n;
	}
	return s->window_bytes >= size ? s->window : NULL;
}

static bool
starts(struct probe_source *s, int64_t at, struct str magic)
{
	const unsigned char *p = probe_get(s, at, magic.len);
	return p != NULL && memcmp(p, magic.at, magic.len) == 0;
}

/* ISO base media: the brands say what it is.  The first of them that names a
 * still picture wins. */
static enum media_kind
kind_of_ftyp(struct probe_source *s)
{
	static const struct {
		char brand[5];
		enum media_kind kind;
	} brands[] = {{"avif", MEDIA_KIND_AVIF}, {"avis", MEDIA_KIND_AVIF},
	    {"heic", MEDIA_KIND_HEIC}, {"heix", MEDIA_KIND_HEIC},
	    {"heim", MEDIA_KIND_HEIC}, {"heis", MEDIA_KIND_HEIC},
	    {"hevc", MEDIA_KIND_HEIC}, {"hevx", MEDIA_KIND_HEIC},
	    {"mif1", MEDIA_KIND_HEIC}, {"msf1", MEDIA_KIND_HEIC}};
	const unsigned char *p = probe_get(s, 0, 8);
	if (p == NULL)
		return MEDIA_KIND_UNKNOWN;
	int64_t end = probe_be32(p);
	if (end > 256)
		end = 256;
	/* "mif1" is any still picture: let a better name win. */
	enum media_kind kind = MEDIA_KIND_VIDEO;
	for (int64_t at = 8; at + 4 <= end; at += 4) {
		if (at == 12)
			continue; /* the minor version */
		p = probe_get(s, at, 4);
		for (size_t i = 0; p != NULL && i < 10; i++)
			if (memcmp(p, brands[i].brand, 4) == 0 &&
			    (kind == MEDIA_KIND_VIDEO ||
				brands[i].kind == MEDIA_KIND_AVIF))
				kind = brands[i].kind;
	}
	return kind;
}

/* The first tag of a text is svg, or a comment or declaration before it. */
static bool
is_svg(struct probe_source *s)
{
	size_t size = s->bytes < 1024 ? (size_t)s->bytes : 1024;
	const unsigned char *p = probe_get(s, 0, size);
	if (p == NULL)
		return false;
	const unsigned char *end = p + size;
	if (size >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	while (p < end && (*p == ' ' || (*p >= '\t' && *p <= '\r')))
		p++;
	if (p == end || *p != '<')
		return false;
	return memmem(p, (size_t)(end - p), "<svg", 4) != NULL;
}

static enum media_kind
kind_of(struct probe_source *s)
{
	static const struct {
		struct str magic;
		enum media_kind kind;
	} magics[] = {{STR("\xff\xd8\xff"), MEDIA_KIND_JPEG},
	    {STR("\x89PNG\r\n\x1a\n"), MEDIA_KIND_PNG},
	    {STR("GIF87a"), MEDIA_KIND_GIF}, {STR("GIF89a"), MEDIA_KIND_GIF},
	    {STR("II*\0"), MEDIA_KIND_TIFF}, {STR("MM\0*"), MEDIA_KIND_TIFF},
	    {STR("II+\0"), MEDIA_KIND_TIFF}, {STR("MM\0+"), MEDIA_KIND_TIFF},
	    {STR("BM"), MEDIA_KIND_BMP}, {STR("%PDF-"), MEDIA_KIND_PDF},
	    {STR("\xff\x0a"), MEDIA_KIND_JXL},
	    {STR("\0\0\0\x0cJXL \r\n\x87\n"), MEDIA_KIND_JXL},
	    {STR("\x1a\x45\xdf\xa3"), MEDIA_KIND_VIDEO}};
	for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
		if (starts(s, 0, magics[i].magic))
			return magics[i].kind;
	if (starts(s, 0, STR("RIFF")) && starts(s, 8, STR("WEBP")))
		return MEDIA_KIND_WEBP;
	if (starts(s, 0, STR("RIFF")) && starts(s, 8, STR("AVI ")))
		return MEDIA_KIND_VIDEO;
	if (starts(s, 4, STR("ftyp")))
		return kind_of_ftyp(s);
	return is_svg(s) ? MEDIA_KIND_SVG : MEDIA_KIND_UNKNOWN;
}

static enum err
probe(struct probe_source *s, struct media_probe *out)
{
	struct media_probe p = {.bytes = s->bytes,
	    .kind = kind_of(s),
	    .frames = 1,
	    .orientation = 1};
	if (p.kind == MEDIA_KIND_JPEG)
		p.is_whole = probe_jpeg(s, &p);
	else if (p.kind == MEDIA_KIND_PNG)
		p.is_whole = probe_png(s, &p);
	else if (p.kind == MEDIA_KIND_GIF)
		p.is_whole = probe_gif(s, &p);
	else if (p.kind == MEDIA_KIND_WEBP)
		p.is_whole = probe_webp(s, &p);
	else if (p.kind == MEDIA_KIND_HEIC || p.kind == MEDIA_KIND_AVIF)
		p.is_whole = probe_heif(s, &p);
	if (s->is_failed)
		return ERR_IO;
	*out = p;
	return OK;
}

enum err
media_probe_fd(int fd, struct media_probe *out)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		log_event(LOG_ERROR, "upload is no regular file");
		return ERR_IO;
	}
	struct probe_source s = {.fd = fd, .bytes = st.st_size};
	enum err e = probe(&s, out);
	if (e != OK)
		log_event(LOG_ERROR, "upload cannot be read", LOG_ERRNO());
	return e;
}

enum err
media_probe_bytes(struct str bytes, struct media_probe *out)
{
	static const unsigned char nothing;
	const void *at = bytes.at == NULL ? (const void *)&nothing : bytes.at;
	struct probe_source s = {
	    .fd = -1, .memory = at, .bytes = (int64_t)bytes.len};
	return probe(&s, out);
}

const char *
media_kind_name(enum media_kind kind)
{
	static const char *const names[MEDIA_KIND_COUNT_] = {
	    [MEDIA_KIND_UNKNOWN] = "unknown",
	    [MEDIA_KIND_JPEG] = "JPEG",
	    [MEDIA_KIND_PNG] = "PNG",
	    [MEDIA_KIND_GIF] = "GIF",
	    [MEDIA_KIND_WEBP] = "WebP",
	    [MEDIA_KIND_HEIC] = "HEIC",
	    [MEDIA_KIND_AVIF] = "AVIF",
	    [MEDIA_KIND_JXL] = "JPEG XL",
	    [MEDIA_KIND_SVG] = "SVG",
	    [MEDIA_KIND_TIFF] = "TIFF",
	    [MEDIA_KIND_BMP] = "BMP",
	    [MEDIA_KIND_VIDEO] = "video",
	    [MEDIA_KIND_PDF] = "PDF",
	};
	return kind < MEDIA_KIND_COUNT_ ? names[kind] : "unknown";
}
