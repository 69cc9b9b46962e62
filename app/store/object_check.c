/* Trying a store out: each operation once, with an object that is gone
 * afterwards. */
#include "store/object.h"

#include "base/log.h"
#include "base/random.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define WORDS STR("an object that tries the store out")

static enum err
is_wrong(const char *why)
{
	log_event(
	    LOG_ERROR, "object store is not as it must be", LOG_Z("why", why));
	return ERR_STORE;
}

static enum err
put_words(struct object_store *store, struct str key)
{
	int fd = memfd_create("object", MFD_CLOEXEC);
	enum err e = ERR_IO;

	if (fd >= 0 && write(fd, WORDS.at, WORDS.len) == (ssize_t)WORDS.len)
		e = object_put(store, OBJECT_PUBLIC, key, fd,
		    (int64_t)WORDS.len, (struct str){0});
	if (fd >= 0)
		(void)close(fd);
	return e;
}

static enum err
get_words(struct object_store *store, struct str key)
{
	char room[64];
	int64_t size;
	ssize_t n;
	int fd;

	TRY(object_get(store, OBJECT_PUBLIC, key, &fd, &size));
	n = read(fd, room, sizeof(room));
	(void)close(fd);
	if (n < 0 || !str_equal((struct str){room, (size_t)n}, WORDS))
		return is_wrong("what was put comes back as something else");
	return OK;
}

static enum err
check_strangers(
    struct object_store *store, enum object_space space, struct str key)
{
	bool may_read = false;

	if (store->backend->stranger == NULL)
		return OK;
	TRY(store->backend->stranger(store, space, key, &may_read));
	if (may_read && space == OBJECT_HIDDEN)
		return is_wrong("everybody may read what is hidden: take "
				"public access away from that bucket");
	if (!may_read && space == OBJECT_PUBLIC)
		return is_wrong("nginx may not read what is public: allow "
				"s3:GetObject to everybody in that bucket");
	return OK;
}

static enum err
check_all(struct object_store *store, struct str key)
{
	struct object_entry entry;
	enum err e;

	TRY(put_words(store, key));
	TRY(get_words(store, key));
	TRY(check_strangers(store, OBJECT_PUBLIC, key));
	TRY(object_move(store, key, OBJECT_PUBLIC, OBJECT_HIDDEN));
	e = object_head(store, OBJECT_PUBLIC, key, &entry);
	if (e != ERR_ABSENT)
		return e == OK ? is_wrong("what was hidden is still there") : e;
	return check_strangers(store, OBJECT_HIDDEN, key);
}

enum err
object_check(struct object_store *store, struct arena *arena)
{
	enum err e, last;
	struct str key;

	TRY(random_key(arena, &key));
	e = check_all(store, key);
	last = object_erase(store, OBJECT_PUBLIC, key);
	if (e == OK)
		e = last;
	last = object_erase(store, OBJECT_HIDDEN, key);
	if (e == OK)
		e = last;
	/* Nginx need not be kept from a name that is nowhere. */
	last = object_forget(store, key);
	return e == OK ? last : e;
}
