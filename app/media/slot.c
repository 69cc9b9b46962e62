/* Open file description locks (fcntl_locking(2), F_OFD_SETLK). */
#include "media/slot.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
	STEP_MS = 3 /* between two looks at the place ahead */
};

static bool
lock(int fd, int64_t byte, short type)
{
	struct flock l = {
	    .l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
	return fcntl(fd, F_OFD_SETLK, &l) == 0;
}

static bool
take(int fd, int64_t byte)
{
	return lock(fd, byte, F_WRLCK);
}

static void
leave(int fd, int64_t byte)
{
	(void)lock(fd, byte, F_UNLCK);
}

/* The last free place of the line; -1 where there is none. */
static int64_t
enter_line(int fd, int64_t queue)
{
	for (int64_t place = queue - 1; place >= 0; place--)
		if (take(fd, SLOT_LINE + place))
			return place;
	return -1;
}

static int64_t
move_up(int fd, int64_t place)
{
	while (place > 0 && take(fd, SLOT_LINE + place - 1)) {
		leave(fd, SLOT_LINE + place);
		place--;
	}
	return place;
}

static bool
take_decoder(int fd, int64_t decoders)
{
	for (int64_t i = 0; i < decoders; i++)
		if (take(fd, i))
			return true;
	return false;
}

static enum err
wait_in_line(int fd, int64_t decoders, int64_t queue, int64_t wait_ms)
{
	/* A place more than may wait: somebody is always just passing. */
	int64_t place = enter_line(fd, queue + 1);
	if (place < 0)
		return ERR_BUSY;
	int64_t deadline = clock_monotonic_us() + wait_ms * 1000;
	for (;;) {
		place = move_up(fd, place);
		if (place == 0 && take_decoder(fd, decoders)) {
			leave(fd, SLOT_LINE);
			return OK;
		}
		if (place >= queue || clock_monotonic_us() >= deadline)
			return ERR_BUSY;
		struct timespec step = {0, STEP_MS * 1000000L};
		(void)nanosleep(&step, NULL);
	}
}

enum err
slot_take(int lock_fd, int64_t decoders, int64_t queue, int64_t wait_ms,
    struct slot *out)
{
	*out = (struct slot){-1};
	if (lock_fd < 0)
		return OK;
	char path[sizeof "/proc/self/fd/-2147483648"];
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", lock_fd);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		log_event(LOG_ERROR, "decoder lock file", LOG_ERRNO());
		return ERR_IO;
	}
	enum err e = wait_in_line(fd, decoders, queue, wait_ms);
	if (e == OK)
		out->fd = fd;
	else
		(void)close(fd);
	return e;
}

void
slot_give_back(struct slot *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
}

/* How many of `count` bytes others hold. */
static int64_t
count_held(int fd, int64_t first, int64_t count)
{
	int64_t held = 0;
	for (int64_t i = 0; i < count; i++) {
		struct flock l = {.l_type = F_WRLCK,
		    .l_whence = SEEK_SET,
		    .l_start = first + i,
		    .l_len = 1};
		held += fcntl(fd, F_OFD_GETLK, &l) == 0 && l.l_type != F_UNLCK;
	}
	return held;
}

void
slot_count(int lock_fd, int64_t decoders, int64_t queue, int64_t *running,
    int64_t *waiting)
{
	*running = count_held(lock_fd, 0, decoders);
	*waiting = count_held(lock_fd, SLOT_LINE, queue);
}
