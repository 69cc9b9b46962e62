/* Boxes in boxes.  Each read goes through probe_get, each walk goes on by at
 * least a box's head, and the boxes of one walk are limited in number. */
#include "media/heif.h"

#include <string.h>

enum {
	META_MAX_BYTES = 1 << 20, /* a phone's has some 10,000 */
	LIST_MAX_BYTES = 1 << 16, /* of items, their places and so on */
	BOXES_MAX = 10000,
	ITEMS_MAX = 4096,
	PROPERTIES_MAX = 1024, /* of all items */
	USED_MAX = 64,         /* of them by one item */
	AUXILIARIES_MAX = 16,
	DEPTH_MAX = 6,
	NOT_SAID = 2
};

#define TYPE(a, b, c, d)                                                  \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | \
	    (uint32_t)(d))

/* Big-endian, `size` of 0 to 8 bytes; false past the end. */
static bool
read_number(struct probe_source *s, int64_t at, size_t size, int64_t *out)
{
	const unsigned char *p = probe_get(s, at, size);
	uint64_t n = 0;
	if (p == NULL)
		return false;
	for (size_t i = 0; i < size; i++)
		n = n << 8 | p[i];
	if (n > INT64_MAX)
		return false;
	*out = (int64_t)n;
	return true;
}

/* Numbers one after the other, of a part of the file. */
struct cursor {
	struct probe_source *s;
	int64_t at;
	int64_t end;
	bool is_short; /* one was not there; sticky */
};

static struct cursor
cursor_of(const struct heif *h, struct heif_span span)
{
	return (struct cursor){h->s, span.at, span.at + span.bytes, false};
}

static int64_t
take(struct cursor *c, size_t size)
{
	int64_t n = 0;
	if (c->is_short || c->end - c->at < (int64_t)size ||
	    !read_number(c->s, c->at, size, &n)) {
		c->is_short = true;
		return 0;
	}
	c->at += (int64_t)size;
	return n;
}

struct box {
	uint32_t type;
	int64_t at; /* its content */
	int64_t end;
};

/* The box at *at, which goes on to the next; false at the end.  A box that
 * makes no sense sets *is_broken. */
static bool
next_box(struct probe_source *s, int64_t *at, int64_t end, struct box *b,
    bool *is_broken)
{
	int64_t size;
	int64_t type;
	int64_t head = 8;
	if (*at == end)
		return false;
	*is_broken = true;
	if (end - *at < head || !read_number(s, *at, 4, &size) ||
	    !read_number(s, *at + 4, 4, &type))
		return false;
	if (size == 1) {
		head = 16;
		if (end - *at < head || !read_number(s, *at + 8, 8, &size))
			return false;
	} else if (size == 0)
		size = end - *at;
	if (size < head || size > end - *at)
		return false;
	*is_broken = false;
	*b = (struct box){(uint32_t)type, *at + head, *at + size};
	*at = b->end;
	return true;
}

static struct heif_span
span_of(const struct box *b)
{
	return (struct heif_span){b->at, b->end - b->at};
}

/* ipco and ipma */
static bool
open_properties(struct heif *h, const struct box *iprp)
{
	int64_t at = iprp->at;
	struct box b;
	bool is_broken = false;
	for (int n = 0; n < BOXES_MAX; n++) {
		if (!next_box(h->s, &at, iprp->end, &b, &is_broken))
			return !is_broken;
		if (b.type == TYPE('i', 'p', 'c', 'o') && h->ipco.bytes == 0)
			h->ipco = span_of(&b);
		if (b.type == TYPE('i', 'p', 'm', 'a') && h->ipma.bytes == 0)
			h->ipma = span_of(&b);
	}
	return false;
}

static bool
open_primary(struct heif *h, const struct box *pitm)
{
	struct cursor c = cursor_of(h, span_of(pitm));
	int64_t version = take(&c, 4) >> 24;
	h->primary = (uint32_t)take(&c, version == 0 ? 2 : 4);
	return !c.is_short;
}

static bool
open_meta(struct heif *h, const struct box *meta)
{
	int64_t at = meta->at + 4; /* version and flags */
	struct box b;
	bool is_broken = false;
	if (meta->end - meta->at < 4 || meta->end - meta->at > META_MAX_BYTES)
		return false;
	for (int n = 0; n < BOXES_MAX; n++) {
		if (!next_box(h->s, &at, meta->end, &b, &is_broken))
			return !is_broken;
		switch (b.type) {
		case TYPE('i', 'i', 'n', 'f'):
			h->iinf = span_of(&b);
			break;
		case TYPE('i', 'l', 'o', 'c'):
			h->iloc = span_of(&b);
			break;
		case TYPE('i', 'r', 'e', 'f'):
			h->iref = span_of(&b);
			break;
		case TYPE('i', 'd', 'a', 't'):
			h->idat = span_of(&b);
			break;
		case TYPE('i', 'p', 'r', 'p'):
			if (!open_properties(h, &b))
				return false;
			break;
		case TYPE('p', 'i', 't', 'm'):
			if (!open_primary(h, &b))
				return false;
			break;
		default:
			break;
		}
	}
	return false;
}

/* The samples of the longest track: moov, trak, mdia, minf, stbl, stsz. */
static void
count_frames(struct heif *h, const struct box *in, int depth, int *boxes)
{
	static const uint32_t path[DEPTH_MAX] = {TYPE('t', 'r', 'a', 'k'),
	    TYPE('m', 'd', 'i', 'a'), TYPE('m', 'i', 'n', 'f'),
	    TYPE('s', 't', 'b', 'l'), TYPE('s', 't', 's', 'z'), 0};
	int64_t at = in->at;
	int64_t count;
	struct box b;
	bool is_broken = false;
	while (++*boxes < BOXES_MAX &&
	       next_box(h->s, &at, in->end, &b, &is_broken)) {
		if (b.type != path[depth])
			continue;
		if (path[depth + 1] != 0)
			count_frames(h, &b, depth + 1, boxes);
		else if (b.end - b.at >= 12 &&
			 read_number(h->s, b.at + 8, 4, &count) &&
			 count > h->frames)
			h->frames = count;
	}
}

/* What is walked over for every tile is not to be long. */
static bool
is_short_enough(const struct heif *h)
{
	return h->iinf.bytes <= LIST_MAX_BYTES &&
	       h->iloc.bytes <= LIST_MAX_BYTES &&
	       h->iref.bytes <= LIST_MAX_BYTES &&
	       h->ipma.bytes <= LIST_MAX_BYTES;
}

bool
heif_open(struct probe_source *s, struct heif *h)
{
	int64_t at = 0;
	int boxes = 0;
	bool has_meta = false;
	bool is_broken = false;
	struct box b;
	*h = (struct heif){.s = s, .frames = 1};
	for (int n = 0; n < BOXES_MAX; n++) {
		if (!next_box(s, &at, s->bytes, &b, &is_broken))
			return !is_broken;
		if (b.type == TYPE('m', 'e', 't', 'a') && !has_meta) {
			has_meta = true;
			if (!open_meta(h, &b) || !is_short_enough(h)) {
				h->primary = 0;
				return false;
			}
		}
		if (b.type == TYPE('m', 'o', 'o', 'v'))
			count_frames(h, &b, 0, &boxes);
	}
	return false;
}

static enum heif_type
type_of(uint32_t name)
{
	switch (name) {
	case TYPE('h', 'v', 'c', '1'):
		return HEIF_HEVC;
	case TYPE('a', 'v', '0', '1'):
		return HEIF_AV1;
	case TYPE('g', 'r', 'i', 'd'):
		return HEIF_GRID;
	case TYPE('E', 'x', 'i', 'f'):
		return HEIF_EXIF;
	default:
		return HEIF_OTHER;
	}
}

/* One entry of iinf. */
static bool
read_infe(const struct heif *h, const struct box *b, uint32_t *id,
    enum heif_type *type)
{
	struct cursor c = cursor_of(h, span_of(b));
	int64_t version = take(&c, 4) >> 24;
	*id = (uint32_t)take(&c, version >= 3 ? 4 : 2);
	(void)take(&c, 2); /* protection */
	*type = type_of((uint32_t)take(&c, 4));
	return !c.is_short && version >= 2;
}

/* The type of item `id`; or, where id is 0, the first item of that type. */
static bool
find_item(const struct heif *h, uint32_t *id, enum heif_type *type)
{
	struct cursor c = cursor_of(h, h->iinf);
	int64_t version = take(&c, 4) >> 24;
	(void)take(&c, version == 0 ? 2 : 4); /* how many */
	bool is_broken = false;
	struct box b;
	for (int n = 0; !c.is_short && n < ITEMS_MAX; n++) {
		uint32_t its_id;
		enum heif_type its_type;
		if (!next_box(h->s, &c.at, c.end, &b, &is_broken))
			return false;
		if (!read_infe(h, &b, &its_id, &its_type) ||
		    !(*id != 0 ? its_id == *id : its_type == *type))
			continue;
		*id = its_id;
		*type = its_type;
		return true;
	}
	return false;
}

/* One item of iloc; span.bytes is -1 where it has not one piece in this
 * file. */
static uint32_t
take_location(const struct heif *h, struct cursor *c, int64_t version,
    int64_t sizes, struct heif_span *span)
{
	size_t offset_size = (size_t)(sizes >> 12 & 15);
	size_t length_size = (size_t)(sizes >> 8 & 15);
	size_t base_size = (size_t)(sizes >> 4 & 15);
	size_t index_size = version == 0 ? 0 : (size_t)(sizes & 15);
	uint32_t id = (uint32_t)take(c, version < 2 ? 2 : 4);
	int64_t method = version == 0 ? 0 : take(c, 2) & 15;
	int64_t elsewhere = take(c, 2);
	int64_t base = take(c, base_size);
	int64_t pieces = take(c, 2);
	struct heif_span in = {0, h->s->bytes};
	*span = (struct heif_span){0, -1};
	if (method == 1)
		in = h->idat;
	/* Many are not walked over: they may have no bytes at all. */
	int64_t behind =
	    c->at + pieces * (int64_t)(index_size + offset_size + length_size);
	if (behind > c->end)
		c->is_short = true;
	if (pieces == 1) {
		(void)take(c, index_size);
		int64_t at = take(c, offset_size);
		int64_t bytes = take(c, length_size);
		if (elsewhere == 0 && method <= 1 && base <= in.bytes &&
		    at <= in.bytes - base && bytes <= in.bytes - base - at)
			*span = (struct heif_span){in.at + base + at, bytes};
	}
	c->at = behind;
	return id;
}

static bool
find_data(const struct heif *h, uint32_t id, struct heif_span *out)
{
	struct cursor c = cursor_of(h, h->iloc);
	int64_t version = take(&c, 4) >> 24;
	int64_t sizes = take(&c, 2);
	int64_t count = take(&c, version < 2 ? 2 : 4);
	for (int shift = 0; shift < 16; shift += 4)
		if ((sizes >> shift & 15) > 8)
			return false;
	if (version > 2 || count > ITEMS_MAX)
		return false;
	for (int64_t i = 0; i < count && !c.is_short; i++)
		if (take_location(h, &c, version, sizes, out) == id)
			return !c.is_short && out->bytes > 0;
	return false;
}

/* Property `index`, which counts from 1. */
static bool
find_property(const struct heif *h, int64_t index, struct box *b)
{
	int64_t at = h->ipco.at;
	int64_t end = at + h->ipco.bytes;
	bool is_broken = false;
	for (int64_t n = 1; n <= index && n <= PROPERTIES_MAX; n++)
		if (!next_box(h->s, &at, end, b, &is_broken))
			return false;
	return index >= 1 && index <= PROPERTIES_MAX;
}

/* Orientations as what they do to a place (x to the right, y down): two rows
 * of a matrix. */
static const int turns[9][4] = {[1] = {1, 0, 0, 1},
    [2] = {-1, 0, 0, 1},
    [3] = {-1, 0, 0, -1},
    [4] = {1, 0, 0, -1},
    [5] = {0, 1, 1, 0},
    [6] = {0, -1, 1, 0},
    [7] = {0, -1, -1, 0},
    [8] = {0, 1, -1, 0}};

static int
turn_after(int first, int second)
{
	const int *a = turns[first];
	const int *b = turns[second];
	int both[4] = {b[0] * a[0] + b[1] * a[2], b[0] * a[1] + b[1] * a[3],
	    b[2] * a[0] + b[3] * a[2], b[2] * a[1] + b[3] * a[3]};
	for (int i = 1; i <= 8; i++)
		if (memcmp(turns[i], both, sizeof both) == 0)
			return i;
	return 1;
}

/* The start and size of one axis of a clean aperture (14496-12 section
 * 12.1.4): fractions that must come out whole. */
static bool
crop_axis(struct cursor *c, struct cursor *offset, int64_t full, int64_t *from,
    int64_t *size)
{
	int64_t n = take(c, 4);
	int64_t d = take(c, 4);
	int64_t offset_n = (int32_t)(uint32_t)take(offset, 4);
	int64_t offset_d = (int32_t)(uint32_t)take(offset, 4);
	if (c->is_short || offset->is_short || d <= 0 || offset_d <= 0 ||
	    n % d != 0)
		return false;
	*size = n / d;
	/* Twice the start, in parts of offset_d. */
	int64_t twice = (full - *size) * offset_d + 2 * offset_n;
	if (*size < 1 || *size > full || twice < 0)
		return false;
	*from = twice / (2 * offset_d);
	return *from + *size <= full;
}

static bool
read_crop(const struct heif *h, const struct box *b, struct heif_item *item)
{
	struct cursor sizes = cursor_of(h, span_of(b));
	struct cursor offsets = sizes;
	offsets.at += 16;
	/* MIAF: before all turning, and once. */
	return item->orientation == 1 &&
	       item->crop_width_px == item->width_px &&
	       item->crop_height_px == item->height_px &&
	       crop_axis(&sizes, &offsets, item->width_px, &item->crop_x_px,
		   &item->crop_width_px) &&
	       crop_axis(&sizes, &offsets, item->height_px, &item->crop_y_px,
		   &item->crop_height_px);
}

static bool
read_size(const struct heif *h, const struct box *b, struct heif_item *item)
{
	struct cursor c = cursor_of(h, span_of(b));
	(void)take(&c, 4);
	item->width_px = item->crop_width_px = take(&c, 4);
	item->height_px = item->crop_height_px = take(&c, 4);
	return !c.is_short;
}

static void
read_colour(const struct heif *h, const struct box *b, struct heif_item *item)
{
	struct cursor c = cursor_of(h, span_of(b));
	uint32_t kind = (uint32_t)take(&c, 4);
	if (kind == TYPE('p', 'r', 'o', 'f') ||
	    kind == TYPE('r', 'I', 'C', 'C'))
		item->icc = (struct heif_span){c.at, c.end - c.at};
	if (kind != TYPE('n', 'c', 'l', 'x'))
		return;
	struct heif_colour colour = {.primaries = (int)take(&c, 2)};
	colour.transfer = (int)take(&c, 2);
	colour.matrix = (int)take(&c, 2);
	colour.is_full_range = (take(&c, 1) & 128) != 0;
	if (c.is_short)
		return;
	item->colour = colour;
	item->has_colour = true;
}

static bool
is_alpha_name(const struct heif *h, const struct box *b)
{
	static const struct str names[] = {
	    STR("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"),
	    STR("urn:mpeg:hevc:2015:auxid:1")};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		size_t size = names[i].len + 1;
		const unsigned char *p = b->end - b->at < (int64_t)(4 + size)
		                             ? NULL
		                             : probe_get(h->s, b->at + 4, size);
		if (p != NULL && memcmp(p, names[i].at, size) == 0)
			return true;
	}
	return false;
}

/* False where the property is needed and cannot be followed. */
static bool
read_property(const struct heif *h, const struct box *b, bool is_essential,
    struct heif_item *item)
{
	static const int quarters[4] = {1, 8, 3, 6};
	struct cursor c = cursor_of(h, span_of(b));
	switch (b->type) {
	case TYPE('i', 's', 'p', 'e'):
		return read_size(h, b, item);
	case TYPE('h', 'v', 'c', 'C'):
	case TYPE('a', 'v', '1', 'C'):
		item->config = span_of(b);
		return true;
	case TYPE('c', 'l', 'a', 'p'):
		return read_crop(h, b, item);
	case TYPE('i', 'r', 'o', 't'):
		item->orientation =
		    turn_after(item->orientation, quarters[take(&c, 1) & 3]);
		return !c.is_short;
	case TYPE('i', 'm', 'i', 'r'):
		item->orientation = turn_after(
		    item->orientation, (take(&c, 1) & 1) != 0 ? 2 : 4);
		return !c.is_short;
	case TYPE('c', 'o', 'l', 'r'):
		read_colour(h, b, item);
		return true;
	case TYPE('a', 'u', 'x', 'C'):
		item->is_alpha = is_alpha_name(h, b);
		return true;
	case TYPE('p', 'i', 'x', 'i'):
	case TYPE('p', 'a', 's', 'p'):
		return true;
	default:
		return !is_essential;
	}
}

/* The properties of item->id, in their order. */
static bool
read_properties(const struct heif *h, struct heif_item *item)
{
	struct cursor c = cursor_of(h, h->ipma);
	int64_t head = take(&c, 4);
	bool is_wide = (head & 1) != 0;
	int64_t count = take(&c, 4);
	int used = 0;
	if (count > ITEMS_MAX)
		return false;
	for (int64_t i = 0; i < count && !c.is_short; i++) {
		uint32_t id = (uint32_t)take(&c, head >> 24 == 0 ? 2 : 4);
		int64_t properties = take(&c, 1);
		for (int64_t j = 0; j < properties && !c.is_short; j++) {
			int64_t name = take(&c, is_wide ? 2 : 1);
			int64_t top = is_wide ? 0x8000 : 0x80;
			struct box b;
			if (id != item->id || (name & ~top) == 0)
				continue;
			if (++used > USED_MAX ||
			    !find_property(h, name & ~top, &b) ||
			    !read_property(h, &b, (name & top) != 0, item))
				item->is_odd = true;
		}
	}
	return !c.is_short;
}

bool
heif_item(const struct heif *h, uint32_t id, struct heif_item *out)
{
	struct heif_item item = {.id = id,
	    .orientation = 1,
	    .colour = {NOT_SAID, NOT_SAID, NOT_SAID, false}};
	if (id == 0 || !find_item(h, &item.id, &item.type) ||
	    !find_data(h, id, &item.data) || !read_properties(h, &item))
		return false;
	*out = item;
	return true;
}

bool
heif_property_at(
    const struct heif *h, int64_t number, struct heif_property *out)
{
	struct box b;
	if (!find_property(h, number, &b))
		return false;
	*out = (struct heif_property){
	    .number = number, .type = b.type, .content = span_of(&b)};
	return true;
}

bool
heif_property(
    const struct heif *h, uint32_t id, int64_t n, struct heif_property *out)
{
	struct cursor c = cursor_of(h, h->ipma);
	int64_t head = take(&c, 4);
	bool is_wide = (head & 1) != 0;
	int64_t top = is_wide ? 0x8000 : 0x80;
	int64_t count = take(&c, 4);
	for (int64_t i = 0; i < count && i < ITEMS_MAX && !c.is_short; i++) {
		uint32_t its_id = (uint32_t)take(&c, head >> 24 == 0 ? 2 : 4);
		int64_t properties = take(&c, 1);
		for (int64_t j = 0; j < properties && !c.is_short; j++) {
			int64_t name = take(&c, is_wide ? 2 : 1);
			if (its_id != id || (name & ~top) == 0 || n-- > 0)
				continue;
			if (c.is_short ||
			    !heif_property_at(h, name & ~top, out))
				return false;
			out->is_essential = (name & top) != 0;
			return true;
		}
	}
	return false;
}

bool
heif_grid(
    const struct heif *h, const struct heif_item *item, struct heif_grid *out)
{
	struct cursor c = cursor_of(h, item->data);
	int64_t head = take(&c, 2);
	size_t size = (head & 1) != 0 ? 4 : 2;
	struct heif_grid g = {.rows = take(&c, 1) + 1};
	g.columns = take(&c, 1) + 1;
	g.width_px = take(&c, size);
	g.height_px = take(&c, size);
	if (c.is_short || head >> 8 != 0 || g.rows * g.columns > HEIF_TILES_MAX)
		return false;
	*out = g;
	return true;
}

uint32_t
heif_tile(const struct heif *h, uint32_t grid, int64_t index)
{
	struct cursor c = cursor_of(h, h->iref);
	size_t id_size = take(&c, 4) >> 24 == 0 ? 2 : 4;
	bool is_broken = false;
	struct box b;
	for (int n = 0; !c.is_short && n < BOXES_MAX; n++) {
		if (!next_box(h->s, &c.at, c.end, &b, &is_broken))
			return 0;
		struct cursor in = cursor_of(h, span_of(&b));
		if (b.type != TYPE('d', 'i', 'm', 'g') ||
		    (uint32_t)take(&in, id_size) != grid)
			continue;
		int64_t count = take(&in, 2);
		in.at += index * (int64_t)id_size;
		uint32_t to = (uint32_t)take(&in, id_size);
		return in.is_short || index >= count ? 0 : to;
	}
	return 0;
}

uint32_t
heif_alpha_of(const struct heif *h, uint32_t id)
{
	/* There may be others: depth, a map of brightness. */
	struct cursor c = cursor_of(h, h->iref);
	size_t id_size = take(&c, 4) >> 24 == 0 ? 2 : 4;
	bool is_broken = false;
	int tried = 0;
	struct box b;
	for (int n = 0; !c.is_short && n < BOXES_MAX; n++) {
		struct heif_item item;
		if (!next_box(h->s, &c.at, c.end, &b, &is_broken))
			return 0;
		if (b.type != TYPE('a', 'u', 'x', 'l') ||
		    ++tried > AUXILIARIES_MAX)
			continue;
		struct cursor in = cursor_of(h, span_of(&b));
		uint32_t from = (uint32_t)take(&in, id_size);
		int64_t count = take(&in, 2);
		uint32_t to = (uint32_t)take(&in, id_size);
		if (!in.is_short && count >= 1 && to == id &&
		    heif_item(h, from, &item) && item.is_alpha)
			return from;
	}
	return 0;
}

bool
heif_exif(const struct heif *h, struct heif_span *out)
{
	enum heif_type type = HEIF_EXIF;
	uint32_t id = 0;
	struct heif_span data;
	int64_t skip;
	/* 23008-12 annex A: how far the TIFF structure is from here. */
	if (!find_item(h, &id, &type) || !find_data(h, id, &data) ||
	    data.bytes < 4 || !read_number(h->s, data.at, 4, &skip) ||
	    skip > data.bytes - 4)
		return false;
	*out = (struct heif_span){data.at + 4 + skip, data.bytes - 4 - skip};
	return true;
}

/* The codec of the picture itself or of a grid's first tile. */
static enum heif_type
codec_of(const struct heif *h, const struct heif_item *item)
{
	struct heif_grid grid;
	struct heif_item tile;
	if (item->type != HEIF_GRID)
		return item->type;
	if (!heif_grid(h, item, &grid) || grid.width_px != item->width_px ||
	    grid.height_px != item->height_px ||
	    !heif_item(h, heif_tile(h, item->id, 0), &tile) || tile.is_odd)
		return HEIF_OTHER;
	return tile.type;
}

bool
probe_heif(struct probe_source *s, struct media_probe *p)
{
	struct heif h;
	struct heif_item item;
	struct heif_span exif;
	bool is_whole = heif_open(s, &h);
	p->frames = h.frames;
	/* Of a moving picture without a still one nothing can be shown. */
	p->is_odd = is_whole && h.primary == 0;
	if (h.primary == 0 || !heif_item(&h, h.primary, &item))
		return false;
	p->width_px = item.crop_width_px;
	p->height_px = item.crop_height_px;
	p->orientation = item.orientation;
	switch (codec_of(&h, &item)) {
	case HEIF_HEVC:
		p->kind = MEDIA_KIND_HEIC;
		break;
	case HEIF_AV1:
		p->kind = MEDIA_KIND_AVIF;
		break;
	case HEIF_OTHER:
	case HEIF_GRID:
	case HEIF_EXIF:
		p->is_odd = is_whole;
		return false;
	}
	p->is_odd = is_whole && item.is_odd;
	if (heif_exif(&h, &exif)) {
		p->exif_at = exif.at;
		p->exif_bytes = exif.bytes;
	}
	return is_whole;
}
