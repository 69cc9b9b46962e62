/* Bringing all objects of one store into another, while the site runs.
 *
 * The order for moving a site from A to B without a broken image: a mirror that
 * writes to A first and to B (so nothing new is missed, and deletions reach
 * both); a transfer from A to B; then B first, and when all is well the mirror
 * ends.  A transfer may be broken off at any moment and started again: what
 * the other store has already is not sent twice.
 */
#ifndef PIXLPIX_STORE_TRANSFER_H
#define PIXLPIX_STORE_TRANSFER_H

#include "store/object.h"

struct transfer_progress {
	int64_t objects; /* in both spaces of `from`, when it began */
	int64_t bytes;
	int64_t seen; /* of these so far */
	int64_t seen_bytes;
	int64_t copied; /* and verified */
	int64_t copied_bytes;
	int64_t present;   /* in `to` before, with the same size */
	int64_t vanished;  /* deleted or moved meanwhile */
	int64_t withdrawn; /* public in `to` although hidden in `from` */
	int64_t failed;    /* the log says which and why */
};

/* Called now and then. */
typedef void transfer_said(void *user, const struct transfer_progress *so_far);

struct transfer_options {
	/* Compares the bytes of what is in `to` already, too. */
	bool verifies;
	transfer_said *said; /* or NULL */
	void *user;
};

/* Copies every object of `from` that `to` does not have into the same space of
 * `to`, reads it back and compares its SHA-256.  One of another size or, with
 * `verifies`, with other bytes is erased in `to` and copied anew; in `from`
 * nothing is ever changed.  An object that leaves its space in `from` meanwhile
 * does not stay in that of `to`, provided that whatever moves or erases it does
 * so in `from` before `to` (as the mirror does).  What is hidden in `from` and
 * was left public in `to`, from a time when nothing reached it, is taken out of
 * public space there; what `from` does not have at all stays in `to`.  Memory
 * is bounded whatever the size of the stores.
 *
 * A single failure does not end it: ERR_STORE at the end where there was any,
 * at once where the stores fail twenty times in a row; ERR_MEMORY, ERR_IO.
 * *out is filled also then. */
enum err transfer_run(struct object_store *from, struct object_store *to,
    const struct transfer_options *options, struct transfer_progress *out);

#endif
