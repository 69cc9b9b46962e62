/* Putting objects, and noting their size and SHA-256. */
#include "base/log.h"
#include "domain/image_parts.h"
#include "store/checksum.h"
#include "store/sql.h"

#include <string.h>

enum {
	ARENA_BYTES = 64 * 1024
};

static enum err
put(const struct site *site, enum object_space space, struct str object, int fd,
    int64_t bytes, struct str sum, bool replaces)
{
	enum err e = object_put(site->store, space, object, fd, bytes, sum);

	if (e != ERR_CONFLICT || !replaces)
		return e;
	TRY(object_erase(site->store, space, object));
	return object_put(site->store, space, object, fd, bytes, sum);
}

enum err
image_put(const struct site *site, struct image_sums *s,
    const struct image_file *file, struct str key, bool replaces)
{
	size_t i = s->count;
	struct str *object = &s->objects[i];
	enum err e;

	TRY(image_object(s->names[i], key, file->end, object));
	e = checksum_file(file->fd, file->bytes, s->digits[i]);
	if (e == ERR_IO)
		log_event(LOG_ERROR, "image cannot be read",
		    LOG_STR("object", *object), LOG_ERRNO());
	TRY(e);
	s->sums[i] = (struct str){s->digits[i], sizeof(s->digits[i])};
	s->bytes[i] = file->bytes;
	TRY(put(site, file->space, *object, file->fd, file->bytes, s->sums[i],
	    replaces));
	s->count++;
	return OK;
}

enum err
image_sums_write(const struct site *site, const struct image_sums *s)
{
	struct arena *a;
	enum err e;

	if (s->count == 0)
		return OK;
	a = arena_make(ARENA_BYTES);
	e = a == NULL
	        ? ERR_MEMORY
	        : sql_object_sum_insert(site->db, a,
		      &(struct sql_object_sum_insert_in){{s->objects, s->count},
			  {s->bytes, s->count}, {s->sums, s->count}},
		      NULL);
	arena_free(a);
	return e;
}

enum err
image_sums_forget(const struct site *site, struct str key)
{
	struct arena *a = arena_make(ARENA_BYTES);
	enum err e = a == NULL
	                 ? ERR_MEMORY
	                 : sql_object_sum_delete(site->db, a,
			       &(struct sql_object_sum_delete_in){key}, NULL);

	arena_free(a);
	return e;
}
