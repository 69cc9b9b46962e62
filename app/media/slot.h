/* At most so many decoders at once, over all processes, and a bounded queue
 * before them.
 *
 * Locks on single bytes of one file, owned by an open file description: the
 * kernel gives them back when a worker dies.  The first bytes are the running
 * decoders, the bytes from SLOT_LINE on the places in the line; whoever waits
 * moves up place by place, so that first come is first served.
 */
#ifndef PIXLPIX_MEDIA_SLOT_H
#define PIXLPIX_MEDIA_SLOT_H

#include "base/str.h"

enum {
	SLOT_LINE = 4096
};

struct slot {
	int fd; /* -1: nothing is held */
};

/* Takes one of `decoders` places, waiting for at most wait_ms among at most
 * `queue` others.  lock_fd: any descriptor of the lock file; it is opened
 * anew through /proc, so that processes that inherited it do not share locks.
 * -1 takes a place that is always free.  ERR_BUSY, ERR_IO (logged). */
enum err slot_take(int lock_fd, int64_t decoders, int64_t queue,
    int64_t wait_ms, struct slot *out);

void slot_give_back(struct slot *s);

/* How many places are taken and how many wait in line, of all processes; the
 * caller holds none. */
void slot_count(int lock_fd, int64_t decoders, int64_t queue, int64_t *running,
    int64_t *waiting);

#endif
