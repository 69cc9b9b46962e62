/* Exif and XMP as a phone writes them: see exif.h. */
#include "exif.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum kind {
	KIND_BYTE = 1,
	KIND_ASCII = 2,
	KIND_SHORT = 3,
	KIND_LONG = 4,
	KIND_RATIONAL = 5,
	KIND_UNDEFINED = 7,
	KIND_SRATIONAL = 10
};

enum {
	ENTRIES_MAX = 32,
	ENTRY_SIZE = 12
};

struct entry {
	uint16_t tag;
	enum kind kind;
	uint32_t count;
	uint8_t inline_bytes[4]; /* the value when it fits in four bytes */
	const void *bytes;       /* else where it is, already little-endian */
	size_t size;
};

struct ifd {
	struct entry entries[ENTRIES_MAX]; /* in the order of their tags */
	size_t count;
	/* Numbers the entries point at. */
	uint8_t pool[256];
	size_t pooled;
};

static void
put16(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)v;
	at[1] = (uint8_t)(v >> 8);
}

static void
put32(uint8_t *at, uint32_t v)
{
	put16(at, v & 0xffff);
	put16(at + 2, v >> 16);
}

static struct entry *
ifd_add(struct ifd *ifd, uint16_t tag, enum kind kind, uint32_t count)
{
	struct entry *entry = &ifd->entries[ifd->count++];
	*entry = (struct entry){.tag = tag, .kind = kind, .count = count};
	return entry;
}

static void
ifd_short(struct ifd *ifd, uint16_t tag, int v)
{
	put16(ifd_add(ifd, tag, KIND_SHORT, 1)->inline_bytes, (uint32_t)v);
}

static void
ifd_long(struct ifd *ifd, uint16_t tag, uint32_t v)
{
	put32(ifd_add(ifd, tag, KIND_LONG, 1)->inline_bytes, v);
}

static void
ifd_bytes(struct ifd *ifd, uint16_t tag, enum kind kind, const void *bytes,
    size_t size)
{
	struct entry *entry = ifd_add(ifd, tag, kind, (uint32_t)size);
	if (size <= 4) {
		memcpy(entry->inline_bytes, bytes, size);
		return;
	}
	entry->bytes = bytes;
	entry->size = size;
}

static void
ifd_text(struct ifd *ifd, uint16_t tag, const char *text)
{
	ifd_bytes(ifd, tag, KIND_ASCII, text, strlen(text) + 1);
}

/* `count` rationals from pairs of numbers. */
static void
ifd_rationals(struct ifd *ifd, uint16_t tag, enum kind kind,
    const int32_t *pairs, uint32_t count)
{
	uint8_t *at = ifd->pool + ifd->pooled;
	for (uint32_t i = 0; i < count * 2; i++)
		put32(at + i * 4, (uint32_t)pairs[i]);
	ifd->pooled += count * 8;
	struct entry *entry = ifd_add(ifd, tag, kind, count);
	entry->bytes = at;
	entry->size = count * 8;
}

static void
ifd_rational(struct ifd *ifd, uint16_t tag, int num, int den)
{
	int32_t pair[2] = {num, den};
	ifd_rationals(ifd, tag, KIND_RATIONAL, pair, 1);
}

/* Bytes the directory takes with everything its entries point at. */
static size_t
ifd_size(const struct ifd *ifd)
{
	size_t size = 2 + ifd->count * ENTRY_SIZE + 4;
	for (size_t i = 0; i < ifd->count; i++)
		size += (ifd->entries[i].size + 1) & ~(size_t)1;
	return size;
}

/* Writes the directory at `at` of the TIFF; `next` is the following one. */
static void
ifd_write(const struct ifd *ifd, uint8_t *tiff, size_t at, size_t next)
{
	put16(tiff + at, (uint32_t)ifd->count);
	size_t data = at + 2 + ifd->count * ENTRY_SIZE + 4;
	for (size_t i = 0; i < ifd->count; i++) {
		const struct entry *entry = &ifd->entries[i];
		uint8_t *p = tiff + at + 2 + i * ENTRY_SIZE;
		put16(p, entry->tag);
		put16(p + 2, (uint32_t)entry->kind);
		put32(p + 4, entry->count);
		if (!entry->bytes) {
			memcpy(p + 8, entry->inline_bytes, 4);
			continue;
		}
		put32(p + 8, (uint32_t)data);
		memcpy(tiff + data, entry->bytes, entry->size);
		data += (entry->size + 1) & ~(size_t)1;
	}
	put32(tiff + at + 2 + ifd->count * ENTRY_SIZE, (uint32_t)next);
}

static void
shot_fill(struct ifd *ifd, const struct exif *exif)
{
	int32_t bias[2] = {0, 10};
	int f = exif->f_tenths;
	double seconds = (double)exif->exposure_num / exif->exposure_den;
	int32_t speed[2] = {(int32_t)lround(-log2(seconds) * 1000), 1000};
	ifd_rational(ifd, 0x829a, exif->exposure_num, exif->exposure_den);
	ifd_rational(ifd, 0x829d, f, 10);
	ifd_short(ifd, 0x8822, 2); /* programme: normal */
	ifd_short(ifd, 0x8827, exif->iso);
	ifd_bytes(ifd, 0x9000, KIND_UNDEFINED, "0232", 4);
	ifd_text(ifd, 0x9003, exif->taken);
	ifd_text(ifd, 0x9004, exif->taken);
	ifd_text(ifd, 0x9010, exif->offset);
	ifd_text(ifd, 0x9011, exif->offset);
	ifd_bytes(ifd, 0x9101, KIND_UNDEFINED, "\1\2\3\0", 4); /* YCbCr */
	ifd_rationals(ifd, 0x9201, KIND_SRATIONAL, speed, 1);
	ifd_rational(ifd, 0x9202, (int)lround(2 * log2(f / 10.0) * 100), 100);
	ifd_rationals(ifd, 0x9204, KIND_SRATIONAL, bias, 1);
	ifd_short(ifd, 0x9207, 2);  /* metering: centre weighted */
	ifd_short(ifd, 0x9209, 16); /* flash: off */
	ifd_rational(ifd, 0x920a, exif->focal_tenths, 10);
	ifd_bytes(ifd, 0xa000, KIND_UNDEFINED, "0100", 4);
	ifd_short(ifd, 0xa001, 1); /* sRGB */
	ifd_long(ifd, 0xa002, (uint32_t)exif->width);
	ifd_long(ifd, 0xa003, (uint32_t)exif->height);
	ifd_short(ifd, 0xa402, 0);  /* exposure: automatic */
	ifd_short(ifd, 0xa403, 0);  /* white balance: automatic */
	ifd_short(ifd, 0xa405, 26); /* focal length on 35 mm film */
	ifd_text(ifd, 0xa430, exif->owner);
	ifd_text(ifd, 0xa431, exif->serial);
	ifd_text(ifd, 0xa434, exif->lens);
}

static void
degrees_split(double degrees, int32_t pairs[6])
{
	double d = fabs(degrees), minutes = (d - floor(d)) * 60;
	double seconds = (minutes - floor(minutes)) * 60;
	int32_t split[6] = {(int32_t)d, 1, (int32_t)minutes, 1,
	    (int32_t)lround(seconds * 10000), 10000};
	memcpy(pairs, split, sizeof split);
}

static void
place_fill(struct ifd *ifd, const struct exif *exif, char date[11])
{
	int32_t pairs[6], time[6] = {16, 1, 30, 1, 5, 1};
	ifd_bytes(ifd, 0, KIND_BYTE, "\2\3\0\0", 4);
	ifd_text(ifd, 1, exif->latitude < 0 ? "S" : "N");
	degrees_split(exif->latitude, pairs);
	ifd_rationals(ifd, 2, KIND_RATIONAL, pairs, 3);
	ifd_text(ifd, 3, exif->longitude < 0 ? "W" : "E");
	degrees_split(exif->longitude, pairs);
	ifd_rationals(ifd, 4, KIND_RATIONAL, pairs, 3);
	ifd_bytes(ifd, 5, KIND_BYTE, exif->altitude < 0 ? "\1" : "\0", 1);
	ifd_rational(ifd, 6, (int)lround(fabs(exif->altitude) * 10), 10);
	ifd_rationals(ifd, 7, KIND_RATIONAL, time, 3);
	memcpy(date, exif->taken, 10);
	date[10] = '\0';
	ifd_text(ifd, 0x1d, date);
}

bool
exif_write(const struct exif *exif, uint8_t *out, size_t *size)
{
	struct ifd main = {0}, shot = {0}, place = {0}, small = {0};
	char date[11];
	shot_fill(&shot, exif);
	place_fill(&place, exif, date);
	ifd_text(&main, 0x010f, exif->make);
	ifd_text(&main, 0x0110, exif->model);
	ifd_short(&main, 0x0112, exif->orientation);
	ifd_rational(&main, 0x011a, 72, 1);
	ifd_rational(&main, 0x011b, 72, 1);
	ifd_short(&main, 0x0128, 2);
	ifd_text(&main, 0x0131, exif->software);
	ifd_text(&main, 0x0132, exif->taken);
	ifd_short(&main, 0x0213, 1);
	/* The two pointers are filled in below; their size is known. */
	struct entry *to_shot = ifd_add(&main, 0x8769, KIND_LONG, 1);
	struct entry *to_place = ifd_add(&main, 0x8825, KIND_LONG, 1);
	size_t shot_at = 8 + ifd_size(&main);
	size_t place_at = shot_at + ifd_size(&shot);
	size_t small_at = place_at + ifd_size(&place);
	put32(to_shot->inline_bytes, (uint32_t)shot_at);
	put32(to_place->inline_bytes, (uint32_t)place_at);
	size_t end = small_at;
	if (exif->thumbnail) {
		ifd_short(&small, 0x0103, 6); /* JPEG */
		ifd_rational(&small, 0x011a, 72, 1);
		ifd_rational(&small, 0x011b, 72, 1);
		ifd_short(&small, 0x0128, 2);
		ifd_long(&small, 0x0201, 0);
		ifd_long(&small, 0x0202, (uint32_t)exif->thumbnail_size);
		end = small_at + ifd_size(&small);
		put32(small.entries[4].inline_bytes, (uint32_t)end);
		end += exif->thumbnail_size;
	}
	if (end + 6 > SEGMENT_MAX)
		return false;
	memcpy(out, "Exif\0\0II*\0\10\0\0\0", 14);
	uint8_t *tiff = out + 6;
	memset(tiff + 8, 0, end - 8);
	ifd_write(&main, tiff, 8, exif->thumbnail ? small_at : 0);
	ifd_write(&shot, tiff, shot_at, 0);
	ifd_write(&place, tiff, place_at, 0);
	if (exif->thumbnail) {
		ifd_write(&small, tiff, small_at, 0);
		memcpy(tiff + end - exif->thumbnail_size, exif->thumbnail,
		    exif->thumbnail_size);
	}
	*size = end + 6;
	return true;
}

bool
xmp_write(const struct exif *exif, uint8_t *out, size_t *size)
{
	static const char name[] = "http://ns.adobe.com/xap/1.0/";
	/* The name ends with its NUL. */
	memcpy(out, name, sizeof name);
	size_t room = SEGMENT_MAX - sizeof name;
	double lat = fabs(exif->latitude), lon = fabs(exif->longitude);
	int length = snprintf((char *)out + sizeof name, room,
	    "<?xpacket begin=\"\xef\xbb\xbf\" "
	    "id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
	    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
	    "<rdf:RDF "
	    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
	    "<rdf:Description rdf:about=\"\""
	    " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
	    " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
	    " xmlns:exif=\"http://ns.adobe.com/exif/1.0/\""
	    " xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\""
	    " xmp:CreatorTool=\"%s\" tiff:Orientation=\"%d\""
	    " exif:GPSLatitude=\"%d,%.4f%c\" exif:GPSLongitude=\"%d,%.4f%c\">"
	    "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>"
	    "</rdf:Description></rdf:RDF></x:xmpmeta>\n"
	    "<?xpacket end=\"w\"?>",
	    exif->software, exif->orientation, (int)lat,
	    (lat - floor(lat)) * 60, exif->latitude < 0 ? 'S' : 'N', (int)lon,
	    (lon - floor(lon)) * 60, exif->longitude < 0 ? 'W' : 'E',
	    exif->owner);
	if (length < 0 || (size_t)length >= room)
		return false;
	*size = sizeof name + (size_t)length;
	return true;
}
