/* A store that does as another does, but for what a test makes go wrong. */
#ifndef PIXLPIX_TESTS_OBJECT_WRAPPER_H
#define PIXLPIX_TESTS_OBJECT_WRAPPER_H

#include "place.h"

struct wrapper {
	struct object_store base;
	struct object_store *inner; /* closed with the wrapper */
	enum err put_fails;         /* OK: they do not */
	enum err get_fails;
	enum err move_fails;
	enum err list_fails;
	int fails_after; /* so many puts and gets go well before */
	/* What is public is hidden as soon as it has been read. */
	bool moves_after_get;
};

/* Does everything as `inner` does, so far. */
void wrapper_open(struct wrapper *w, struct object_store *inner);

#endif
