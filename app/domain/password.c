/* argon2id behind a queue of byte-range locks. */
#include "domain/password.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/random.h"

#include <argon2.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	SALT_BYTES = 16,
	HASH_BYTES = 32,
	QUICK_MEMORY_KIB = 8192,
	PLACES_FROM = 1024 /* lock bytes: slots from 0, places from here */
};

/* One byte of the lock file; ERR_BUSY where it is taken and !waits. */
static enum err
lock_byte(int fd, int64_t byte, bool waits)
{
	struct flock lock = {.l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = byte,
	    .l_len = 1};

	while (fcntl(fd, waits ? F_OFD_SETLKW : F_OFD_SETLK, &lock) != 0) {
		if (errno == EAGAIN || errno == EACCES)
			return ERR_BUSY;
		if (errno != EINTR) {
			log_event(
			    LOG_ERROR, "hash queue has no lock", LOG_ERRNO());
			return ERR_IO;
		}
	}
	return OK;
}

static void
unlock_all(int fd)
{
	struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

	(void)fcntl(fd, F_OFD_SETLK, &lock);
}

/* The first free of `count` bytes from `first` on. */
static enum err
lock_any(int fd, int64_t first, int64_t count, int64_t *which)
{
	for (int64_t i = 0; i < count; i++) {
		enum err e = lock_byte(fd, first + i, false);

		if (e != ERR_BUSY) {
			*which = i;
			return e;
		}
	}
	return ERR_BUSY;
}

/* A place in the queue, then one of the slots. */
static enum err
enter(const struct site *site)
{
	const struct conf *c = site->conf;
	int64_t place = 0, slot;
	enum err e = lock_any(
	    site->hash_lock, PLACES_FROM, c->hashes + c->hash_queue, &place);

	if (e == ERR_BUSY) {
		metrics_count(METRIC_HASH_REFUSED, AT(0), 1);
		log_event(LOG_WARN, "hash queue is full");
	}
	TRY(e);
	e = lock_any(site->hash_lock, 0, c->hashes, &slot);
	if (e == ERR_BUSY)
		e = lock_byte(site->hash_lock, place % c->hashes, true);
	if (e != OK)
		unlock_all(site->hash_lock);
	return e;
}

static enum err
hash_now(
    const struct conf *c, struct arena *a, struct str password, struct str *out)
{
	unsigned char salt[SALT_BYTES];
	size_t room = argon2_encodedlen((uint32_t)c->argon2_passes,
	    (uint32_t)c->argon2_memory_kib, (uint32_t)c->argon2_lanes,
	    SALT_BYTES, HASH_BYTES, Argon2_id);
	char *text = arena_alloc(a, room);
	int failure;

	if (text == NULL)
		return ERR_MEMORY;
	TRY(random_bytes(salt, sizeof(salt)));
	failure = argon2id_hash_encoded((uint32_t)c->argon2_passes,
	    (uint32_t)c->argon2_memory_kib, (uint32_t)c->argon2_lanes,
	    password.at, password.len, salt, SALT_BYTES, HASH_BYTES, text,
	    room);
	if (failure != ARGON2_OK) {
		log_event(LOG_ERROR, "argon2 failed",
		    LOG_Z("why", argon2_error_message(failure)));
		return ERR_MEMORY;
	}
	*out = str_from(text);
	return OK;
}

enum err
password_hash(const struct site *site, struct arena *a, struct str password,
    struct str *out)
{
	int64_t began_us = clock_monotonic_us();
	enum err e;

	TRY(enter(site));
	e = hash_now(site->conf, a, password, out);
	unlock_all(site->hash_lock);
	metrics_time(METRIC_HASH, AT(0), began_us);
	return e;
}

enum err
password_hash_quickly(struct arena *a, struct str password, struct str *out)
{
	struct conf least = {.argon2_memory_kib = QUICK_MEMORY_KIB,
	    .argon2_passes = 1,
	    .argon2_lanes = 1};

	return hash_now(&least, a, password, out);
}

static enum err
check_now(struct arena *a, struct str password, struct str hash, bool *matches)
{
	const char *text;
	int result;

	TRY(arena_z(a, hash, &text));
	result = argon2id_verify(text, password.at, password.len);
	if (result != ARGON2_OK && result != ARGON2_VERIFY_MISMATCH) {
		log_event(LOG_ERROR, "argon2 failed",
		    LOG_Z("why", argon2_error_message(result)));
		return ERR_INTERNAL;
	}
	*matches = result == ARGON2_OK;
	return OK;
}

enum err
password_check(const struct site *site, struct arena *a, struct str password,
    struct str hash, bool *matches, bool *is_stale)
{
	const struct conf *c = site->conf;
	int64_t began_us = clock_monotonic_us();
	struct str ignored, current;
	enum err e;

	*matches = false;
	*is_stale = false;
	TRY(arena_printf(a, &current, "$argon2id$v=%d$m=%lld,t=%lld,p=%lld$",
	    ARGON2_VERSION_NUMBER, (long long)c->argon2_memory_kib,
	    (long long)c->argon2_passes, (long long)c->argon2_lanes));
	TRY(enter(site));
	if (hash.at == NULL)
		e = hash_now(c, a, password, &ignored);
	else
		e = check_now(a, password, hash, matches);
	unlock_all(site->hash_lock);
	metrics_time(METRIC_HASH, AT(0), began_us);
	*is_stale = e == OK && *matches && !str_starts(hash, current);
	return e;
}

static int64_t
count_held(int fd, int64_t first, int64_t count)
{
	int64_t held = 0;

	for (int64_t i = 0; i < count; i++) {
		struct flock lock = {.l_type = F_WRLCK,
		    .l_whence = SEEK_SET,
		    .l_start = first + i,
		    .l_len = 1};

		held += fcntl(fd, F_OFD_GETLK, &lock) == 0 &&
		        lock.l_type != F_UNLCK;
	}
	return held;
}

/* Who hashes has a place in the queue as well. */
void
password_queue(const struct site *site, int64_t *running, int64_t *waiting)
{
	const struct conf *c = site->conf;
	int64_t inside =
	    count_held(site->hash_lock, PLACES_FROM, c->hashes + c->hash_queue);

	*running = count_held(site->hash_lock, 0, c->hashes);
	*waiting = inside > *running ? inside - *running : 0;
}
