/* From rows to what templates render. */
#ifndef PIXLPIX_PAGES_FILL_H
#define PIXLPIX_PAGES_FILL_H

#include "base/arena.h"
#include "store/sql.h"
#include "view/models.h"

/* The first character of a display name, for an avatar without a picture. */
struct str fill_initial(struct str display);

/* 0 to 11, always the same for a name. */
int64_t fill_hue(struct str name);

/* The number of the class that goes behind an image that has not arrived:
 * its colour, or, where it is transparent, what is to be seen through it. */
int64_t fill_behind(int64_t colour, int64_t webp);

/* The address of an image (a worker's where it `is_guarded`), which sizes have
 * WebP, and what follows from its width and height. */
enum err fill_image(struct arena *a, struct str key, int64_t webp,
    bool is_guarded, struct image *image);

/* One post. */
enum err fill_card(
    struct arena *a, const struct sql_card_row *row, struct card *out);

/* A list of struct card out of a list of struct sql_card_row. */
enum err fill_cards(struct arena *a, struct list rows, struct list *out);

enum err fill_tiles(struct arena *a, struct list rows, struct list *out);

/* Those of the rows (sql_note_row) that are about the incident, as api_note. */
enum err fill_notes(
    struct arena *a, int64_t incident, struct list rows, struct list *out);

/* `are_removable`: they follow the viewer, who may end that. */
enum err fill_people(
    struct arena *a, struct list rows, bool are_removable, struct list *out);

/* Who wrote something; `picture` is a key or absent. */
enum err fill_author(struct arena *a, struct str name, struct str display,
    struct str picture, struct author *out);

/* Where `rows` has more than `limit` rows of `size` bytes that begin with
 * their id, cuts it there and says after which id the next page begins; else
 * 0. */
int64_t fill_next(struct list *rows, size_t limit, size_t size);

#endif
