/* A bounded reader of two directories of a TIFF structure. */
#include "media/camera.h"

#include "media/probe_formats.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
	ENTRIES_MAX = 256,
	ENTRY_BYTES = 12,
	TEXT_MAX = 60,
	TYPE_ASCII = 2,
	TYPE_SHORT = 3,
	TYPE_LONG = 4,
	TYPE_RATIONAL = 5,
	TAG_MAKE = 0x010f,
	TAG_MODEL = 0x0110,
	TAG_EXIF = 0x8769,
	TAG_EXPOSURE = 0x829a,
	TAG_APERTURE = 0x829d,
	TAG_SPEED = 0x8827,
	TAG_FOCAL = 0x920a,
	TAG_LENS = 0xa434
};

struct tiff {
	const unsigned char *at;
	size_t bytes;
	bool is_little;
};

struct entry {
	uint32_t type;
	uint32_t count;
	const unsigned char *value; /* 4 bytes: the value, or where it is */
};

struct text {
	char at[TEXT_MAX + 1];
	size_t len;
};

struct line {
	char *at;
	size_t len;
};

static uint32_t
read16(const struct tiff *t, const unsigned char *p)
{
	return t->is_little ? probe_le16(p) : probe_be16(p);
}

static uint32_t
read32(const struct tiff *t, const unsigned char *p)
{
	return t->is_little ? probe_le32(p) : probe_be32(p);
}

/* NULL where `size` bytes from offset `from` on are not inside. */
static const unsigned char *
bytes_at(const struct tiff *t, size_t from, size_t size)
{
	if (from > t->bytes || size > t->bytes - from)
		return NULL;
	return t->at + from;
}

static bool
find(const struct tiff *t, size_t directory, uint32_t tag, struct entry *out)
{
	const unsigned char *p = bytes_at(t, directory, 2);
	uint32_t count = p == NULL ? 0 : read16(t, p);
	if (count > ENTRIES_MAX)
		count = ENTRIES_MAX;
	for (uint32_t i = 0; i < count; i++) {
		p = bytes_at(t, directory + 2 + i * ENTRY_BYTES, ENTRY_BYTES);
		if (p == NULL)
			return false;
		if (read16(t, p) != tag)
			continue;
		*out =
		    (struct entry){read16(t, p + 2), read32(t, p + 4), p + 8};
		return true;
	}
	return false;
}

/* Printable ASCII up to the first NUL, without spaces round it; what holds
 * anything else is left out. */
static struct text
text_of(const struct tiff *t, size_t directory, uint32_t tag)
{
	struct text text = {.len = 0};
	struct entry e;
	if (!find(t, directory, tag, &e) || e.type != TYPE_ASCII)
		return text;
	const unsigned char *p =
	    e.count <= 4 ? e.value : bytes_at(t, read32(t, e.value), e.count);
	if (p == NULL)
		return text;
	size_t len = strnlen((const char *)p, e.count);
	while (len > 0 && p[len - 1] == ' ')
		len--;
	while (len > 0 && *p == ' ') {
		p++;
		len--;
	}
	if (len > TEXT_MAX)
		return text;
	for (size_t i = 0; i < len; i++)
		if (p[i] < ' ' || p[i] > '~')
			return text;
	memcpy(text.at, p, len);
	text.len = len;
	return text;
}

static bool
find_rational(const struct tiff *t, size_t directory, uint32_t tag,
    uint32_t *above, uint32_t *below)
{
	struct entry e;
	if (!find(t, directory, tag, &e) || e.type != TYPE_RATIONAL ||
	    e.count != 1)
		return false;
	const unsigned char *p = bytes_at(t, read32(t, e.value), 8);
	if (p == NULL)
		return false;
	*above = read32(t, p);
	*below = read32(t, p + 4);
	return *above > 0 && *below > 0;
}

/* One more part of the line, where it still fits. */
__attribute__((format(printf, 2, 3))) static void
add(struct line *l, const char *format, ...)
{
	char part[2 * TEXT_MAX + 8];
	va_list arguments;
	va_start(arguments, format);
	int n = vsnprintf(part, sizeof part, format, arguments);
	va_end(arguments);
	size_t comma = l->len > 0 ? 2 : 0;
	if (n <= 0 || (size_t)n >= sizeof part ||
	    l->len + comma + (size_t)n >= CAMERA_MAX)
		return;
	memcpy(l->at + l->len, ", ", comma);
	memcpy(l->at + l->len + comma, part, (size_t)n + 1);
	l->len += comma + (size_t)n;
}

/* Many makers begin the model with their name. */
static void
add_body(struct line *l, const struct text *make, const struct text *model)
{
	bool is_said = model->len >= make->len &&
	               strncasecmp(model->at, make->at, make->len) == 0;
	if (model->len == 0 && make->len == 0)
		return;
	if (is_said || make->len == 0)
		add(l, "%s", model->at);
	else if (model->len == 0)
		add(l, "%s", make->at);
	else
		add(l, "%s %s", make->at, model->at);
}

/* One decimal, none where it is 0. */
static void
add_tenths(struct line *l, const char *before, double n, const char *after)
{
	long tenths = n < 100000 ? (long)(n * 10 + .5) : 0;
	if (tenths <= 0)
		return;
	if (tenths % 10 == 0)
		add(l, "%s%ld%s", before, tenths / 10, after);
	else
		add(l, "%s%ld.%ld%s", before, tenths / 10, tenths % 10, after);
}

static void
add_exposure(struct line *l, const struct tiff *t, size_t directory)
{
	uint32_t above;
	uint32_t below;
	if (find_rational(t, directory, TAG_FOCAL, &above, &below))
		add_tenths(l, "", (double)above / below, " mm");
	if (find_rational(t, directory, TAG_APERTURE, &above, &below))
		add_tenths(l, "f/", (double)above / below, "");
	if (find_rational(t, directory, TAG_EXPOSURE, &above, &below)) {
		double seconds = (double)above / below;
		if (seconds >= .4)
			add_tenths(l, "", seconds, " s");
		else if (seconds > 1e-6)
			add(l, "1/%ld s", (long)(1 / seconds + .5));
	}
	struct entry e;
	if (find(t, directory, TAG_SPEED, &e) && e.type == TYPE_SHORT &&
	    e.count >= 1 && e.count <= 2 && read16(t, e.value) > 0)
		add(l, "ISO %u", read16(t, e.value));
}

void
camera_read(struct str bytes, char out[CAMERA_MAX])
{
	struct tiff t = {
	    .at = (const unsigned char *)bytes.at, .bytes = bytes.len};
	struct line l = {.at = out};
	struct entry e;
	out[0] = '\0';
	const unsigned char *p = bytes_at(&t, 0, 8);
	if (p == NULL)
		return;
	t.is_little = p[0] == 'I' && p[1] == 'I';
	if (!t.is_little && !(p[0] == 'M' && p[1] == 'M'))
		return;
	size_t first = read32(&t, p + 4);
	struct text make = text_of(&t, first, TAG_MAKE);
	struct text model = text_of(&t, first, TAG_MODEL);
	add_body(&l, &make, &model);
	if (!find(&t, first, TAG_EXIF, &e) || e.type != TYPE_LONG)
		return;
	size_t inner = read32(&t, e.value);
	struct text lens = text_of(&t, inner, TAG_LENS);
	if (lens.len > 0)
		add(&l, "%s", lens.at);
	add_exposure(&l, &t, inner);
}
