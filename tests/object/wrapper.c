/* See wrapper.h. */
#include "wrapper.h"

static struct wrapper *
of(struct object_store *store)
{
	return (struct wrapper *)store;
}

/* Whether this one goes wrong. */
static bool
is_due(struct wrapper *w, enum err fails)
{
	return fails != OK && w->fails_after-- <= 0;
}

static enum err
wrap_put(struct object_store *store, enum object_space space, struct str key,
    int fd, int64_t size_bytes, struct str sha256)
{
	if (is_due(of(store), of(store)->put_fails))
		return of(store)->put_fails;
	return object_put(of(store)->inner, space, key, fd, size_bytes, sha256);
}

static enum err
wrap_get(struct object_store *store, enum object_space space, struct str key,
    int *fd, int64_t *size_bytes)
{
	struct wrapper *w = of(store);

	if (is_due(w, w->get_fails))
		return w->get_fails;
	TRY(object_get(w->inner, space, key, fd, size_bytes));
	if (w->moves_after_get && space == OBJECT_PUBLIC)
		ASSERT_OK(
		    object_move(w->inner, key, OBJECT_PUBLIC, OBJECT_HIDDEN));
	return OK;
}

static enum err
wrap_head(struct object_store *store, enum object_space space, struct str key,
    struct object_entry *out)
{
	return object_head(of(store)->inner, space, key, out);
}

static enum err
wrap_copy(struct object_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	return object_copy(of(store)->inner, key, from, to);
}

static enum err
wrap_move(struct object_store *store, struct str key, enum object_space from,
    enum object_space to)
{
	if (of(store)->move_fails != OK)
		return of(store)->move_fails;
	return object_move(of(store)->inner, key, from, to);
}

static enum err
wrap_erase(struct object_store *store, enum object_space space, struct str key)
{
	return object_erase(of(store)->inner, space, key);
}

static enum err
wrap_list(struct object_store *store, enum object_space space,
    struct str prefix, struct str after, size_t limit, struct arena *arena,
    struct list *entries)
{
	if (of(store)->list_fails != OK)
		return of(store)->list_fails;
	return object_list(
	    of(store)->inner, space, prefix, after, limit, arena, entries);
}

static enum err
wrap_prepare(struct object_store *store)
{
	return object_prepare(of(store)->inner);
}

static void
wrap_close(struct object_store *store)
{
	object_close(of(store)->inner);
}

static const struct object_backend backend = {.name = "wrapper",
    .put = wrap_put,
    .get = wrap_get,
    .head = wrap_head,
    .copy = wrap_copy,
    .move = wrap_move,
    .erase = wrap_erase,
    .list = wrap_list,
    .prepare = wrap_prepare,
    .close = wrap_close};

void
wrapper_open(struct wrapper *w, struct object_store *inner)
{
	*w = (struct wrapper){.base = {&backend}, .inner = inner};
}
