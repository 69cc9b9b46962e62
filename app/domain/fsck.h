/* Comparing the rows that name images with the objects in the store.
 *
 * An object is durable before its row, and leaves public reach after its row
 * is marked deleted; so a crash may leave orphans and objects that wait for
 * being hidden, but never a row without its objects.  This finds all three,
 * on a running site.
 */
#ifndef PIXLPIX_DOMAIN_FSCK_H
#define PIXLPIX_DOMAIN_FSCK_H

#include "domain/site.h"

#include <stdio.h>

enum {
	FSCK_GRACE_S = 24 * 60 * 60
};

struct fsck_options {
	bool repairs;
	/* Makes public again what rows say is public: for a site that is
	 * stopped, whose rows are of an earlier moment than its objects. */
	bool shows;
	/* An object without a row is no orphan before this age: its post may
	 * be on its way.  FSCK_GRACE_S unless somebody knows better. */
	int64_t grace_s;
	/* Reads every object and compares its SHA-256 with what was noted when
	 * it was put. */
	bool is_deep;
	bool is_json; /* a line for a fault is an object of JSON */
};

struct fsck_report {
	int64_t images;    /* that rows name */
	int64_t objects;   /* in both spaces */
	int64_t missing;   /* images of which a size is in neither space */
	int64_t misplaced; /* images in the wrong space */
	int64_t orphans;   /* objects that no row names, past the grace */
	int64_t mended;    /* of the last two */
	int64_t verified;  /* objects whose bytes are those that were put */
	int64_t damaged;   /* objects with other bytes, or unreadable */
	int64_t unknown;   /* objects whose SHA-256 was not known */
};

/* Writes a line for each fault to `out`.  With `repairs` orphans are erased,
 * and what should be hidden is hidden; only with `shows` is anything made
 * public; and nothing can bring a missing image back; SHA-256s that are not
 * known are noted as they are found.  Memory is bounded whatever the store's
 * size.  Errors of the database and the store. */
enum err fsck_run(const struct site *site, const struct fsck_options *options,
    FILE *out, struct fsck_report *report);

#endif
