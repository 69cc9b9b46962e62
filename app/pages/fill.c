/* Rows as cards, tiles and people. */
#include "pages/fill.h"
#include "domain/image.h"
#include "view/api.h"
#include "view/text.h"

enum {
	CLEAR = 64, /* the colours are 0 to 63 */
	HUES = 12,
	TILE_CHARS = 120
};

struct str
fill_initial(struct str display)
{
	size_t length = 1;

	while (length < display.len &&
	       ((unsigned char)display.at[length] & 0xc0) == 0x80)
		length++;
	return str_slice(display, 0, length);
}

int64_t
fill_hue(struct str name)
{
	uint32_t hash = 2166136261; /* FNV-1a */

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.at[i]) * 16777619;
	return hash % HUES;
}

enum err
fill_author(struct arena *a, struct str name, struct str display,
    struct str picture, struct author *out)
{
	out->name = name;
	out->display = display;
	out->initial = fill_initial(display);
	out->hue = fill_hue(name);
	return image_url(a, picture, 't', &out->picture);
}

int64_t
fill_behind(int64_t colour, int64_t webp)
{
	return (webp & IMAGE_WEBP_CLEAR) != 0 ? CLEAR : colour;
}

enum err
fill_image(struct arena *a, struct str key, int64_t webp, bool is_guarded,
    struct image *image)
{
	image->l_webp = (webp & IMAGE_WEBP_LARGE) != 0;
	image->m_webp = (webp & IMAGE_WEBP_MIDDLE) != 0;
	image->has_webp = image->l_webp || image->m_webp;
	image->has_larger = image->width > image->m_width;
	image->is_tall = image->height >= image->width;
	return image_stem(a, key, is_guarded, &image->i);
}

static enum err
fill_cover(struct arena *a, const struct sql_card_row *row, struct list *out)
{
	struct image *image;

	if (row->key.len == 0)
		return OK;
	image = ARENA_NEW(a, struct image);
	if (image == NULL)
		return ERR_MEMORY;
	image->width = row->width;
	image->height = row->height;
	image->m_width = row->m_width;
	image->alt = row->alt;
	image->colour = fill_behind(row->colour, row->webp);
	*out = (struct list){image, 1};
	return fill_image(a, row->key, row->webp, row->is_guarded, image);
}

enum err
fill_card(struct arena *a, const struct sql_card_row *row, struct card *out)
{

	out->id = row->id;
	out->created = row->created;
	out->image_count = row->images;
	out->has_many = row->images > 1;
	out->likes = row->likes;
	out->comments = row->comments;
	out->is_liked = row->is_liked;
	out->can_delete = row->is_own;
	TRY(fill_author(
	    a, row->name, row->display, row->picture, &out->author));
	TRY(fill_cover(a, row, &out->cover));
	return text_to_html(a, row->caption, &out->caption);
}

enum err
fill_cards(struct arena *a, struct list rows, struct list *out)
{
	const struct sql_card_row *row = rows.items;
	struct card *cards = arena_array(a, rows.count, sizeof(*cards));

	if (cards == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		TRY(fill_card(a, &row[i], &cards[i]));
	*out = (struct list){cards, rows.count};
	return OK;
}

enum err
fill_tiles(struct arena *a, struct list rows, struct list *out)
{
	const struct sql_tile_row *row = rows.items;
	struct tile *tiles = arena_array(a, rows.count, sizeof(*tiles));

	if (tiles == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++) {
		tiles[i].alt = row[i].alt;
		tiles[i].image_count = row[i].images;
		tiles[i].has_many = row[i].images > 1;
		tiles[i].colour = fill_behind(row[i].colour, row[i].webp);
		tiles[i].id = row[i].id;
		tiles[i].has_webp = (row[i].webp & IMAGE_WEBP_SQUARE) != 0;
		if (row[i].key.len > 0)
			TRY(image_stem(
			    a, row[i].key, row[i].is_guarded, &tiles[i].i));
		else
			TRY(text_excerpt(
			    a, row[i].caption, TILE_CHARS, &tiles[i].text));
	}
	*out = (struct list){tiles, rows.count};
	return OK;
}

static enum err
fill_person(
    struct arena *a, const struct sql_person_row *row, struct person *out)
{
	struct author author;

	TRY(fill_author(a, row->name, row->display, row->picture, &author));
	out->name = author.name;
	out->display = author.display;
	out->picture = author.picture;
	out->initial = author.initial;
	out->hue = author.hue;
	out->is_self = row->is_self;
	out->is_followed = row->is_followed;
	out->is_asked = row->is_asked;
	return text_excerpt(a, row->bio, 120, &out->bio);
}

enum err
fill_people(
    struct arena *a, struct list rows, bool are_removable, struct list *out)
{
	const struct sql_person_row *row = rows.items;
	struct person *people = arena_array(a, rows.count, sizeof(*people));

	if (people == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++) {
		TRY(fill_person(a, &row[i], &people[i]));
		people[i].is_removable = are_removable;
	}
	*out = (struct list){people, rows.count};
	return OK;
}

int64_t
fill_next(struct list *rows, size_t limit, size_t size)
{
	const char *items = rows->items;

	if (rows->count <= limit)
		return 0;
	rows->count = limit;
	return *(const int64_t *)(const void *)(items + (limit - 1) * size);
}

enum err
fill_notes(
    struct arena *a, int64_t incident, struct list rows, struct list *out)
{
	const struct sql_note_row *row = rows.items;
	struct api_note *notes = arena_array(a, rows.count, sizeof(*notes));
	size_t n = 0;

	if (notes == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		if (row[i].incident == incident)
			notes[n++] = (struct api_note){row[i].at, row[i].body};
	*out = (struct list){notes, n};
	return OK;
}
