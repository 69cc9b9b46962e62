/* Posts: making one and taking it away. */
#ifndef PIXLPIX_DOMAIN_POST_H
#define PIXLPIX_DOMAIN_POST_H

#include "domain/site.h"

enum {
	POST_IMAGES_MAX = 10,
	/* Above so many followers a job fills the home timelines. */
	POST_FAN_OUT = 1000
};

struct post_image {
	int fd; /* the uploaded file; the caller's */
	struct str alt;
};

struct post_draft {
	int64_t account;
	struct str caption;
	struct str form_key;
	struct list tags;     /* of struct str, lower case, each once */
	struct list mentions; /* the same, of who is mentioned */
	bool shows_camera;    /* make, lens and exposure of each image */
	bool is_uncounted;    /* the hourly limit does not hold for it */
	size_t image_count;
	struct post_image images[POST_IMAGES_MAX];
};

struct post_outcome {
	int64_t post;   /* on OK */
	bool has_still; /* on OK: an animated image shows its first frame */
	size_t bad;     /* on ERR_INPUT: which image is refused, from 0 */
	struct str complaint; /* on ERR_INPUT: why, and what to do */
};

/* Makes the form's key one of its content as well: a repetition is the same
 * form with the same content, and who goes back in the browser and chooses
 * other images means another post.  ERR_IO, ERR_MEMORY. */
enum err post_key_with_content(struct arena *a, struct post_draft *draft);

/* Makes a post; all of it is durable on OK.  The same form sent again gives
 * the post that it made.  ERR_INPUT where an image is refused; ERR_BUSY and
 * others as image_make: nothing has happened.  The texts and counts have
 * passed the rules. */
enum err post_make(const struct site *site, struct arena *a,
    const struct post_draft *draft, struct post_outcome *out);

/* Takes one's own post from everybody's sight, its images too.  ERR_ABSENT
 * where it is gone already or another's. */
enum err post_delete(
    const struct site *site, struct arena *a, int64_t account, int64_t post);

/* Takes the images of a deleted post out of public reach; may be repeated. */
enum err post_hide_images(
    const struct site *site, struct arena *a, int64_t post);

/* The same at once, after its row was marked deleted and a job was left for
 * what fails here. */
void post_hide_now(const struct site *site, struct arena *a, int64_t post);

#endif
