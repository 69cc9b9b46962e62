/* An uploaded image and the objects that stand for it.
 *
 * An image has a random key; its sizes are the objects KEY-l.jpg (large),
 * KEY-m.jpg (middle) and KEY-s.jpg (square), as large as the configuration
 * says; a profile picture has KEY-s.jpg and KEY-t.jpg (96 square).  An object
 * is durable before anything names it, and what a key holds never changes.
 *
 * KEY-o.orig is what was sent, without its metadata: always hidden, for its
 * owner alone, and what the WebP is made of.  KEY-l.webp, KEY-m.webp and
 * KEY-s.webp come later, where they are worth it (image_webp.c).
 */
#ifndef PIXLPIX_DOMAIN_IMAGE_H
#define PIXLPIX_DOMAIN_IMAGE_H

#include "domain/site.h"

enum image_use {
	IMAGE_POST,
	IMAGE_PICTURE
};

struct image_made {
	struct str key;
	int64_t width; /* of the large size; 0 for a profile picture */
	int64_t height;
	int64_t m_width; /* of the middle size; 0 for a profile picture */
	int64_t colour;  /* placeholder, 0 to 63 */
	bool was_animated;
	/* The file name's end of the original that is kept, "jpg"; empty where
	 * there is none, and of a profile picture. */
	struct str original;
	struct str camera; /* make, lens and exposure, or empty */
};

/* Makes the sizes of the image behind `fd` and puts them into the space: that
 * of a private account's post into OBJECT_HIDDEN.
 * ERR_INPUT where the image is refused, *complaint says why and what to do;
 * ERR_BUSY: too many images are being decoded; ERR_STORE, ERR_IO,
 * ERR_INTERNAL, ERR_MEMORY.  On failure no object stays. */
enum err image_make(const struct site *site, struct arena *a,
    enum image_use use, enum object_space space, int fd, struct image_made *out,
    struct str *complaint);

/* Takes an image out of public reach and keeps it.  What is hidden already
 * is fine.  ERR_STORE where that failed for one of its objects. */
enum err image_hide(
    const struct site *site, enum image_use use, struct str key);

/* Brings a hidden image back into public reach, but for its original.  What is
 * there already is fine.  ERR_STORE where that failed for one of its
 * objects. */
enum err image_show(
    const struct site *site, enum image_use use, struct str key);

/* Whether a failed write has left no row for certain, so that the image it
 * would have named may be erased.  After a lost connection, and where the
 * answer could not be read, nobody knows: an orphan is better than a row
 * without its image. */
bool image_is_unnamed_after(enum err e);

/* Deletes the objects of an image that no row names.  A failure leaves
 * orphans and is logged. */
void image_erase(const struct site *site, enum image_use use, struct str key);

/* Deletes the objects of an image wherever they are; may be repeated.
 * ERR_STORE where that failed. */
enum err image_erase_everywhere(
    const struct site *site, enum image_use use, struct str key);

/* What is in the store of an image that a row names. */
enum image_presence {
	IMAGE_COMPLETE,  /* every size where it belongs */
	IMAGE_MISPLACED, /* every size is there, some in the other space */
	IMAGE_MISSING    /* a size is in neither */
};

/* What a row says of an image. */
struct image_row {
	struct str key;
	bool is_public;
	int64_t webp;
	bool has_original;
};

/* ERR_STORE where the store does not answer. */
enum err image_look(const struct site *site, enum image_use use,
    const struct image_row *row, enum image_presence *out);

/* Sizes that have WebP, as rows say it. */
enum {
	IMAGE_WEBP_LARGE = 1,
	IMAGE_WEBP_MIDDLE = 2,
	IMAGE_WEBP_SQUARE = 4,
	IMAGE_WEBP_CLEAR = 8 /* they are transparent somewhere */
};

/* Makes what WebP is worth it of an image of a post, from its original, and
 * then says so in its row: to be called in a transaction that the caller
 * commits.  Objects are durable first.  A post that is deleted meanwhile gets
 * none.  Where the site keeps no originals this one is erased.  ERR_BUSY,
 * ERR_STORE, ERR_IO, ERR_INTERNAL and what the database says: to be tried
 * again. */
enum err image_add_webp(
    const struct site *site, struct arena *a, struct str key);

/* The object of an image's original, in hidden space. */
enum err image_original(struct arena *a, struct str key, struct str *out);

/* The address of one size ('l', 'm', 's' or 't') as JPEG, or the absent one
 * where there is no key. */
enum err image_url(struct arena *a, struct str key, char size, struct url *out);

/* The same without the size and the kind of file, "/i/ab/KEY", for templates
 * that name several; where the image is guarded, since its objects are not in
 * public space, the address of a worker: "/private/KEY". */
enum err image_stem(
    struct arena *a, struct str key, bool is_guarded, struct url *out);

/* Takes the last part of such an address to pieces: "KEY-m.jpg" is the key and
 * the end "m.jpg".  *webp is the flag that the image's row must have for it, 0
 * for a JPEG.  ERR_ABSENT where no image of a post has such an object. */
enum err image_name_parse(
    struct str name, struct str *key, struct str *end, int64_t *webp);

/* The address by which nginx sends the object KEY-end of an image of a post to
 * whom a worker lets (object_inner_address).  While it `is_moving` it is looked
 * for in both spaces.  ERR_STORE. */
enum err image_inner_address(const struct site *site, struct arena *a,
    struct str key, struct str end, bool is_moving, struct str *out);

#endif
