/* HEIC and AVIF: a new file round the same compressed pictures.
 *
 * What is shown, its tiles and its transparency come along, with the
 * properties that they cannot be shown rightly without.  EXIF, XMP, previews,
 * depth, maps of brightness, films, names and whatever else lies in the file
 * or within its bits (SEI, metadata OBUs) do not.
 */
#include "media/strip_heif.h"

#include "base/buf.h"
#include "media/heif.h"

#include <stdlib.h>

enum {
	ITEMS_MAX = 2 * (1 + HEIF_TILES_MAX),
	PROPERTIES_MAX = 1024, /* of the new file */
	USED_MAX = 64,         /* of one item, as media/heif.h has it */
	BOXES_BYTES = 1 << 16 /* that the new file may have more than the old */
};

#define NAME(a, b, c, d)                                                  \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | \
	    (uint32_t)(d))

struct item {
	struct heif_item from;
	size_t first_tile; /* of a grid, in rebuild.tiles */
	size_t tiles;
	uint32_t shows_through; /* place of the item whose alpha it is; 0 */
	int64_t properties[USED_MAX]; /* numbers in the file that was sent */
	bool is_essential[USED_MAX];
	size_t property_count;
	size_t data_at; /* in `data` */
	size_t data_bytes;
};

struct rebuild {
	struct heif heif;
	struct str file;
	struct item *items; /* item i gets the id i + 1 */
	size_t count;
	size_t tiles[2 * HEIF_TILES_MAX]; /* their places among the items */
	size_t tile_count;
	int64_t properties[PROPERTIES_MAX]; /* new to old */
	size_t property_count;
	struct buf data;
	struct buf boxes;
};

/* ---- writing boxes ---- */

static void
put_number(struct buf *b, uint64_t n, size_t size)
{
	for (size_t i = size; i > 0; i--)
		buf_put_char(b, (char)(n >> (8 * (i - 1))));
}

/* A box's head; its size is put in by end_box. */
static size_t
begin_box(struct buf *b, uint32_t type)
{
	size_t at = b->len;
	put_number(b, 0, 4);
	put_number(b, type, 4);
	return at;
}

static void
end_box(struct buf *b, size_t at)
{
	size_t size = b->len - at;
	if (buf_check(b) != OK)
		return;
	for (size_t i = 0; i < 4; i++)
		b->at[at + i] = (char)(size >> (24 - 8 * i));
}

/* ---- what comes along ---- */

static struct str
bytes_of(const struct rebuild *r, struct heif_span span)
{
	return str_slice(r->file, (size_t)span.at, (size_t)span.bytes);
}

static bool
is_needed(uint32_t type)
{
	switch (type) {
	case NAME('i', 's', 'p', 'e'):
	case NAME('h', 'v', 'c', 'C'):
	case NAME('a', 'v', '1', 'C'):
	case NAME('c', 'o', 'l', 'r'):
	case NAME('p', 'i', 'x', 'i'):
	case NAME('p', 'a', 's', 'p'):
	case NAME('c', 'l', 'a', 'p'):
	case NAME('i', 'r', 'o', 't'):
	case NAME('i', 'm', 'i', 'r'):
	case NAME('a', 'u', 'x', 'C'):
		return true;
	default:
		return false;
	}
}

/* The new number of a property, from 1; 0: there are too many. */
static size_t
number_property(struct rebuild *r, int64_t old)
{
	for (size_t i = 0; i < r->property_count; i++)
		if (r->properties[i] == old)
			return i + 1;
	if (r->property_count == PROPERTIES_MAX)
		return 0;
	r->properties[r->property_count++] = old;
	return r->property_count;
}

/* A NAL unit that holds no part of a picture (H.265 table 7-1). */
static bool
is_hevc_remark(unsigned char head)
{
	return (head >> 1 & 63) >= 39;
}

static enum err
put_hevc_units(struct str data, size_t length_size, struct buf *to)
{
	while (data.len > 0) {
		size_t size = 0;
		if (data.len < length_size)
			return ERR_INPUT;
		for (size_t i = 0; i < length_size; i++)
			size = size << 8 | (unsigned char)data.at[i];
		if (size < 2 || size > data.len - length_size)
			return ERR_INPUT;
		size_t whole = length_size + size;
		if (!is_hevc_remark((unsigned char)data.at[length_size]))
			buf_put(to, str_slice(data, 0, whole));
		data = str_slice(data, whole, data.len - whole);
	}
	return OK;
}

/* AV1 bitstream section 5.3: the pieces of a picture, and no others. */
static enum err
put_av1_units(struct str data, struct buf *to)
{
	while (data.len > 0) {
		unsigned head = (unsigned char)data.at[0];
		unsigned type = head >> 3 & 15;
		size_t at = (head & 4) != 0 ? 2 : 1;
		size_t size = 0;
		bool has_more = (head & 2) != 0;
		for (unsigned shift = 0; has_more; shift += 7, at++) {
			if (at >= data.len || shift > 28)
				return ERR_INPUT;
			unsigned byte = (unsigned char)data.at[at];
			size |= (size_t)(byte & 127) << shift;
			has_more = (byte & 128) != 0;
		}
		if (at > data.len)
			return ERR_INPUT;
		if ((head & 2) == 0)
			size = data.len - at;
		if (size > data.len - at)
			return ERR_INPUT;
		if (type >= 1 && type <= 7 && type != 5)
			buf_put(to, str_slice(data, 0, at + size));
		data = str_slice(data, at + size, data.len - at - size);
	}
	return OK;
}

static enum err
put_data(struct rebuild *r, struct item *item)
{
	struct str data = bytes_of(r, item->from.data);
	struct str config = bytes_of(r, item->from.config);
	item->data_at = r->data.len;
	if (item->from.type == HEIF_GRID)
		buf_put(&r->data, data);
	else if (item->from.type == HEIF_AV1)
		TRY(put_av1_units(data, &r->data));
	else if (item->from.type == HEIF_HEVC && config.len > 22)
		TRY(put_hevc_units(
		    data, ((unsigned char)config.at[21] & 3U) + 1, &r->data));
	else
		return ERR_INPUT;
	item->data_bytes = r->data.len - item->data_at;
	if (item->data_bytes == 0)
		return ERR_INPUT;
	/* More than there was: items share their bytes, and are many. */
	enum err e = buf_check(&r->data);
	return e == ERR_TOO_BIG ? ERR_INPUT : e;
}

static enum err
add_item(struct rebuild *r, uint32_t id, struct item **out)
{
	if (r->count == ITEMS_MAX)
		return ERR_INPUT;
	struct item *item = &r->items[r->count];
	struct heif_property property;
	if (!heif_item(&r->heif, id, &item->from) || item->from.is_odd)
		return ERR_INPUT;
	for (int64_t n = 0; heif_property(&r->heif, id, n, &property); n++) {
		if (!is_needed(property.type))
			continue;
		if (item->property_count == USED_MAX)
			return ERR_INPUT;
		size_t number = number_property(r, property.number);
		if (number == 0)
			return ERR_INPUT;
		item->properties[item->property_count] = (int64_t)number;
		item->is_essential[item->property_count++] =
		    property.is_essential;
	}
	r->count++;
	*out = item;
	return put_data(r, item);
}

/* One tile may be in many places. */
static enum err
find_or_add_item(struct rebuild *r, uint32_t id, struct item **out)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->items[i].from.id == id) {
			*out = &r->items[i];
			return OK;
		}
	return add_item(r, id, out);
}

/* An item, and behind it its tiles. */
static enum err
add_picture(struct rebuild *r, uint32_t id, struct item **out)
{
	struct heif_grid grid;
	struct item *tile;
	TRY(add_item(r, id, out));
	if ((*out)->from.type != HEIF_GRID)
		return OK;
	if (!heif_grid(&r->heif, &(*out)->from, &grid))
		return ERR_INPUT;
	(*out)->first_tile = r->tile_count;
	(*out)->tiles = (size_t)(grid.rows * grid.columns);
	for (int64_t i = 0; i < grid.rows * grid.columns; i++) {
		TRY(find_or_add_item(r, heif_tile(&r->heif, id, i), &tile));
		if (tile->from.type == HEIF_GRID)
			return ERR_INPUT;
		r->tiles[r->tile_count++] = (size_t)(tile - r->items);
	}
	return OK;
}

/* ---- the new file ---- */

static void
put_kind(struct rebuild *r, enum media_kind kind)
{
	uint32_t brand = kind == MEDIA_KIND_AVIF ? NAME('a', 'v', 'i', 'f')
	                                         : NAME('h', 'e', 'i', 'c');
	struct buf *b = &r->boxes;
	size_t at = begin_box(b, NAME('f', 't', 'y', 'p'));
	put_number(b, brand, 4);
	put_number(b, 0, 4);
	put_number(b, NAME('m', 'i', 'f', '1'), 4);
	put_number(b, NAME('m', 'i', 'a', 'f'), 4);
	put_number(b, brand, 4);
	end_box(b, at);
}

static void
put_infos(struct rebuild *r)
{
	struct buf *b = &r->boxes;
	size_t at = begin_box(b, NAME('i', 'i', 'n', 'f'));
	put_number(b, 0, 4);
	put_number(b, r->count, 2);
	for (size_t i = 0; i < r->count; i++) {
		enum heif_type type = r->items[i].from.type;
		bool is_seen = i == 0 || r->items[i].shows_through != 0;
		size_t entry = begin_box(b, NAME('i', 'n', 'f', 'e'));
		put_number(b, 2U << 24 | !is_seen, 4); /* hidden: a tile */
		put_number(b, i + 1, 2);
		put_number(b, 0, 2);
		put_number(b,
		    type == HEIF_GRID  ? NAME('g', 'r', 'i', 'd')
		    : type == HEIF_AV1 ? NAME('a', 'v', '0', '1')
				       : NAME('h', 'v', 'c', '1'),
		    4);
		put_number(b, 0, 1);
		end_box(b, entry);
	}
	end_box(b, at);
}

static void
put_references(struct rebuild *r)
{
	struct buf *b = &r->boxes;
	if (r->count == 1)
		return;
	size_t at = begin_box(b, NAME('i', 'r', 'e', 'f'));
	put_number(b, 0, 4);
	for (size_t i = 0; i < r->count; i++) {
		const struct item *item = &r->items[i];
		if (item->tiles > 0) {
			size_t box = begin_box(b, NAME('d', 'i', 'm', 'g'));
			put_number(b, i + 1, 2);
			put_number(b, item->tiles, 2);
			for (size_t t = 0; t < item->tiles; t++)
				put_number(
				    b, r->tiles[item->first_tile + t] + 1, 2);
			end_box(b, box);
		}
		if (item->shows_through != 0) {
			size_t box = begin_box(b, NAME('a', 'u', 'x', 'l'));
			put_number(b, i + 1, 2);
			put_number(b, 1, 2);
			put_number(b, item->shows_through, 2);
			end_box(b, box);
		}
	}
	end_box(b, at);
}

/* hvcC's arrays without those of remarks. */
static enum err
put_hevc_config(struct str config, struct buf *b)
{
	if (config.len < 23)
		return ERR_INPUT;
	buf_put(b, str_slice(config, 0, 22));
	size_t count_at = b->len;
	unsigned count = 0;
	unsigned arrays = (unsigned char)config.at[22];
	put_number(b, 0, 1);
	config = str_slice(config, 23, config.len - 23);
	for (unsigned i = 0; i < arrays; i++) {
		if (config.len < 3)
			return ERR_INPUT;
		size_t end = 3;
		unsigned units = (unsigned char)config.at[1] * 256U +
		                 (unsigned char)config.at[2];
		for (unsigned u = 0; u < units; u++) {
			if (config.len - end < 2)
				return ERR_INPUT;
			size_t size = (unsigned char)config.at[end] * 256U +
			              (unsigned char)config.at[end + 1];
			if (size > config.len - end - 2)
				return ERR_INPUT;
			end += 2 + size;
		}
		if (((unsigned char)config.at[0] & 63) < 39) {
			buf_put(b, str_slice(config, 0, end));
			count++;
		}
		config = str_slice(config, end, config.len - end);
	}
	if (buf_check(b) == OK)
		b->at[count_at] = (char)count;
	return OK;
}

static enum err
put_property(struct rebuild *r, int64_t number)
{
	struct buf *b = &r->boxes;
	struct heif_property p;
	if (!heif_property_at(&r->heif, number, &p))
		return ERR_INPUT;
	struct str content = bytes_of(r, p.content);
	size_t at = begin_box(b, p.type);
	if (p.type == NAME('h', 'v', 'c', 'C')) {
		TRY(put_hevc_config(content, b));
	} else if (p.type == NAME('a', 'v', '1', 'C')) {
		if (content.len < 4)
			return ERR_INPUT;
		buf_put(b, str_slice(content, 0, 4));
		TRY(put_av1_units(str_slice(content, 4, content.len - 4), b));
	} else {
		buf_put(b, content);
	}
	end_box(b, at);
	return OK;
}

static enum err
put_properties(struct rebuild *r)
{
	struct buf *b = &r->boxes;
	size_t iprp = begin_box(b, NAME('i', 'p', 'r', 'p'));
	size_t at = begin_box(b, NAME('i', 'p', 'c', 'o'));
	for (size_t i = 0; i < r->property_count; i++)
		TRY(put_property(r, r->properties[i]));
	end_box(b, at);
	at = begin_box(b, NAME('i', 'p', 'm', 'a'));
	put_number(b, 1, 4); /* numbers of 15 bits */
	put_number(b, r->count, 4);
	for (size_t i = 0; i < r->count; i++) {
		const struct item *item = &r->items[i];
		put_number(b, i + 1, 2);
		put_number(b, item->property_count, 1);
		for (size_t j = 0; j < item->property_count; j++)
			put_number(b,
			    (uint64_t)item->properties[j] |
				(item->is_essential[j] ? 0x8000U : 0),
			    2);
	}
	end_box(b, at);
	end_box(b, iprp);
	return OK;
}

/* Where `data` begins is known when all boxes are; the place of each offset
 * is patched then. */
static size_t
put_locations(struct rebuild *r)
{
	struct buf *b = &r->boxes;
	size_t at = begin_box(b, NAME('i', 'l', 'o', 'c'));
	put_number(b, 0, 4);
	put_number(b, 0x4400, 2); /* offset and length of 4 bytes each */
	put_number(b, r->count, 2);
	size_t first = b->len;
	for (size_t i = 0; i < r->count; i++) {
		put_number(b, i + 1, 2);
		put_number(b, 0, 2);
		put_number(b, 1, 2);
		put_number(b, r->items[i].data_at, 4);
		put_number(b, r->items[i].data_bytes, 4);
	}
	end_box(b, at);
	return first;
}

static void
patch_locations(struct rebuild *r, size_t first, size_t data_at)
{
	enum {
		ENTRY_BYTES = 14,
		OFFSET_AT = 6
	};
	for (size_t i = 0; i < r->count; i++) {
		size_t n = data_at + r->items[i].data_at;
		char *at = r->boxes.at + first + i * ENTRY_BYTES + OFFSET_AT;
		for (size_t j = 0; j < 4; j++)
			at[j] = (char)(n >> (24 - 8 * j));
	}
}

static enum err
put_boxes(struct rebuild *r, enum media_kind kind)
{
	struct buf *b = &r->boxes;
	put_kind(r, kind);
	size_t meta = begin_box(b, NAME('m', 'e', 't', 'a'));
	put_number(b, 0, 4);
	size_t at = begin_box(b, NAME('h', 'd', 'l', 'r'));
	put_number(b, 0, 8);
	put_number(b, NAME('p', 'i', 'c', 't'), 4);
	put_number(b, 0, 8);
	put_number(b, 0, 5); /* the rest, and a name of no bytes */
	end_box(b, at);
	at = begin_box(b, NAME('p', 'i', 't', 'm'));
	put_number(b, 0, 4);
	put_number(b, 1, 2);
	end_box(b, at);
	size_t first = put_locations(r);
	put_infos(r);
	put_references(r);
	TRY(put_properties(r));
	end_box(b, meta);
	put_number(b, r->data.len + 8, 4);
	put_number(b, NAME('m', 'd', 'a', 't'), 4);
	enum err e = buf_check(b);
	if (e != OK)
		return e == ERR_TOO_BIG ? ERR_INPUT : e;
	patch_locations(r, first, b->len);
	return OK;
}

static enum err
rebuild(struct rebuild *r, enum media_kind kind)
{
	struct item *main;
	struct item *alpha;
	TRY(add_picture(r, r->heif.primary, &main));
	uint32_t id = heif_alpha_of(&r->heif, r->heif.primary);
	if (id != 0) {
		TRY(add_picture(r, id, &alpha));
		alpha->shows_through = 1;
	}
	return put_boxes(r, kind);
}

enum err
strip_heif(struct str bytes, const struct media_probe *probe,
    strip_heif_sink *sink, void *user)
{
	struct probe_source source = {.fd = -1,
	    .memory = (const unsigned char *)bytes.at,
	    .bytes = (int64_t)bytes.len};
	struct rebuild *r = calloc(1, sizeof *r);
	if (r == NULL)
		return ERR_MEMORY;
	r->file = bytes;
	r->data.max_bytes = bytes.len;
	r->boxes.max_bytes = bytes.len + BOXES_BYTES;
	r->items = calloc(ITEMS_MAX, sizeof *r->items);
	enum err e = r->items == NULL ? ERR_MEMORY : OK;
	/* What moves would stand still. */
	if (e == OK && (!heif_open(&source, &r->heif) || probe->frames > 1))
		e = ERR_INPUT;
	if (e == OK)
		e = rebuild(r, probe->kind);
	if (e == OK) {
		sink(user, buf_str(&r->boxes));
		sink(user, buf_str(&r->data));
	}
	buf_free(&r->data);
	buf_free(&r->boxes);
	free(r->items);
	free(r);
	return e;
}
